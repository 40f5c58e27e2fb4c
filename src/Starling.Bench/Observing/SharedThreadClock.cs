namespace Starling.Bench.Observing;

/// <summary>Where threads cannot be told apart: an even part of the process.</summary>
internal sealed class SharedThreadClock(int threads) : IThreadClock
{
    private const int NanosecondsPerTick = 100;

    public long Nanoseconds => Environment.CpuUsage.TotalTime.Ticks * NanosecondsPerTick / threads;
}
