namespace Starling.Storage;

/// <summary>What opening a store has found.</summary>
public sealed record StoreRecovery
{
    /// <summary>How often the directory was opened for writing, this time included.</summary>
    public uint Generation { get; init; }

    /// <summary>Persistent sessions.</summary>
    public int Sessions { get; init; }

    /// <summary>References to messages that are stored and not finished.</summary>
    public long LiveReferences { get; init; }

    /// <summary>Deliveries that wait for their session's client or for its answer, and have a message.</summary>
    public long Deliveries => LiveReferences - Retained;

    /// <summary>Retained messages.</summary>
    public int Retained { get; init; }

    /// <summary>Commits that were replayed from the log.</summary>
    public long Frames { get; init; }

    /// <summary>Their bytes.</summary>
    public long Bytes { get; init; }

    /// <summary>The LSN of the last commit.</summary>
    public ulong LastLsn { get; init; }

    /// <summary>The LSN up to which a checkpoint had everything; 0: there was none.</summary>
    public ulong CheckpointLsn { get; init; }

    /// <summary>The bytes of that checkpoint.</summary>
    internal long CheckpointBytes { get; init; }

    /// <summary>The newest time that is stored, in milliseconds since 1970 UTC; 0: none.</summary>
    public long NewestUtcMilliseconds { get; init; }

    /// <summary>The file whose end was an unfinished commit, which was removed; null: none.</summary>
    public string? TornSegment { get; init; }

    /// <summary>Where the unfinished commit began.</summary>
    public long TornOffset { get; init; }

    /// <summary>Why the newest checkpoint was not used; null: it was, or there was none.</summary>
    public string? CheckpointDamage { get; init; }

    /// <summary>References that were replayed and whose session was over.</summary>
    public long IgnoredReferences { get; init; }

    /// <summary>References that compaction had relocated, among what was replayed.</summary>
    public long MovedReferences { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; init; }
}
