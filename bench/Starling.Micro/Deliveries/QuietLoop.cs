using Starling.Protocol.Loops;

namespace Starling.Micro.Deliveries;

/// <summary>A loop that does nothing by itself: the benchmark calls the shard.</summary>
internal sealed class QuietLoop(MemoryBudget budget) : ILoop
{
    private const long IdleBytesMax = 64L << 20;

    // All clients of the benchmark speak one version, so one is open at a time.
    private readonly CountingSharedOutput _shared = new();

    public int Index => 0;

    public BufferPool Buffers { get; } = new(budget.OpenAccount(), IdleBytesMax);

    public bool IsCurrent => true;

    public ISharedOutput OpenSharedOutput()
    {
        _shared.Clear();
        return _shared;
    }

    public void SendFullOutputs() => _shared.Clear();

    public void Wake()
    {
        // The benchmark reads the mailboxes in each iteration anyway.
    }
}
