namespace Starling.Bench.Measuring;

/// <summary>The counters of all loops at one moment.</summary>
internal sealed record LoadCounts
{
    public static LoadCounts Zero { get; } = new();

    public long Sent { get; init; }

    public long Acknowledged { get; init; }

    public long Delivered { get; init; }

    public long DeliveredBytes { get; init; }

    public long Duplicates { get; init; }

    public long Reordered { get; init; }

    public long Missing { get; init; }

    public long Foreign { get; init; }

    public long Opened { get; init; }

    public long Accepted { get; init; }

    public long Ready { get; init; }

    public long Ended { get; init; }

    public long Cycles { get; init; }

    public long Resumed { get; init; }

    public long HeldBack { get; init; }

    /// <summary>When a message arrived last, in nanoseconds.</summary>
    public long LastArrival { get; init; }

    /// <summary>When a message was sent or acknowledged last, in nanoseconds.</summary>
    public long LastSend { get; init; }

    public static LoadCounts Of(IEnumerable<LoopCounters> loops)
    {
        LoadCounts sum = Zero;
        foreach (LoopCounters loop in loops)
        {
            sum = new LoadCounts
            {
                Sent = sum.Sent + Volatile.Read(ref loop.Sent),
                Acknowledged = sum.Acknowledged + Volatile.Read(ref loop.Acknowledged),
                Delivered = sum.Delivered + Volatile.Read(ref loop.Delivered),
                DeliveredBytes = sum.DeliveredBytes + Volatile.Read(ref loop.DeliveredBytes),
                Duplicates = sum.Duplicates + Volatile.Read(ref loop.Duplicates),
                Reordered = sum.Reordered + Volatile.Read(ref loop.Reordered),
                Missing = sum.Missing + Volatile.Read(ref loop.Missing),
                Foreign = sum.Foreign + Volatile.Read(ref loop.Foreign),
                Opened = sum.Opened + Volatile.Read(ref loop.Opened),
                Accepted = sum.Accepted + Volatile.Read(ref loop.Accepted),
                Ready = sum.Ready + Volatile.Read(ref loop.Ready),
                Ended = sum.Ended + Volatile.Read(ref loop.Ended),
                Cycles = sum.Cycles + Volatile.Read(ref loop.Cycles),
                Resumed = sum.Resumed + Volatile.Read(ref loop.Resumed),
                HeldBack = Math.Max(sum.HeldBack, Volatile.Read(ref loop.HeldBack)),
                LastArrival = Math.Max(sum.LastArrival, Volatile.Read(ref loop.LastArrival)),
                LastSend = Math.Max(sum.LastSend, Volatile.Read(ref loop.LastSend)),
            };
        }

        return sum;
    }
}
