namespace Starling.Storage;

/// <summary>What a data directory holds.</summary>
public sealed record StoreInfo
{
    /// <summary>The format, for example 1.0.</summary>
    public string Format { get; init; } = "";

    /// <summary>The identifier of the store: 32 hexadecimal digits.</summary>
    public string StoreId { get; init; } = "";

    /// <summary>How often it was opened for writing.</summary>
    public uint Generation { get; init; }

    /// <summary>Persistent sessions.</summary>
    public int Sessions { get; init; }

    /// <summary>Their subscriptions.</summary>
    public long Subscriptions { get; init; }

    /// <summary>Unfinished deliveries in their queues.</summary>
    public long QueuedMessages { get; init; }

    /// <summary>Retained messages.</summary>
    public int RetainedMessages { get; init; }

    /// <summary>Wills.</summary>
    public int Wills { get; init; }

    /// <summary>Segments of the log.</summary>
    public int LogSegments { get; init; }

    /// <summary>Bytes of their files.</summary>
    public long LogBytes { get; init; }

    /// <summary>Segments that compaction has written.</summary>
    public int ColdSegments { get; init; }

    /// <summary>Bytes of their files.</summary>
    public long ColdBytes { get; init; }

    /// <summary>Files that wait to be segments.</summary>
    public int FreeSegments { get; init; }

    /// <summary>Bytes of their files.</summary>
    public long FreeBytes { get; init; }

    /// <summary>The LSN of the last commit.</summary>
    public ulong LastLsn { get; init; }

    /// <summary>The LSN up to which the newest checkpoint has everything; 0: there is none.</summary>
    public ulong CheckpointLsn { get; init; }

    /// <summary>Bytes of the checkpoints.</summary>
    public long CheckpointBytes { get; init; }

    /// <summary>The newest time that is stored, in milliseconds since 1970 UTC; 0: none.</summary>
    public long NewestUtcMilliseconds { get; init; }
}
