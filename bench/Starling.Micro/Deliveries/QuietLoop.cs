using Starling.Protocol.Loops;

namespace Starling.Micro.Deliveries;

/// <summary>A loop that does nothing by itself: the benchmark calls the shard.</summary>
internal sealed class QuietLoop(MemoryBudget budget) : ILoop
{
    private const long IdleBytesMax = 64L << 20;

    public int Index => 0;

    public BufferPool Buffers { get; } = new(budget.OpenAccount(), IdleBytesMax);

    public bool IsCurrent => true;

    public void Wake()
    {
        // The benchmark reads the mailboxes in each iteration anyway.
    }
}
