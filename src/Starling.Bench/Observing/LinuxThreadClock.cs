namespace Starling.Bench.Observing;

/// <summary>The clock of the thread that asks.</summary>
internal sealed class LinuxThreadClock : IThreadClock
{
    public long Nanoseconds => Math.Max(0, NativeClock.OfThread());
}
