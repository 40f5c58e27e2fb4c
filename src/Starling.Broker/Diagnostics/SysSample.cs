using Starling.Broker.Ports;

namespace Starling.Broker.Diagnostics;

/// <summary>What the $SYS topics are computed from, at one moment.</summary>
internal readonly record struct SysSample
{
    /// <summary>The sum of all shards; it belongs to the sample.</summary>
    public required ShardCounters Counters { get; init; }

    public long RetainedMessages { get; init; }

    public long RetainedBytes { get; init; }

    /// <summary>How the durable store is: 0 ready, 1 full, 2 failed.</summary>
    public StoreCondition Condition { get; init; }

    public StoreFigures Store { get; init; }

    /// <summary>Bytes of memory in use.</summary>
    public long HeapBytes { get; init; }
}
