using Starling.Bench.Observing;

namespace Starling.Bench.Tests.InMemory;

/// <summary>A thread that uses what the test says.</summary>
internal sealed class SetClock : IThreadClock
{
    public long Nanoseconds { get; set; }
}
