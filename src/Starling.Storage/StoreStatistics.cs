namespace Starling.Storage;

/// <summary>How a store is at one moment.</summary>
public sealed record StoreStatistics
{
    /// <summary>Commits since the start.</summary>
    public long Commits { get; init; }

    /// <summary>Bytes written to the log since the start.</summary>
    public long LogBytesWritten { get; init; }

    /// <summary>Bytes written to the log, to checkpoints and by compaction since the start.</summary>
    public long BytesWritten { get; init; }

    /// <summary>References to messages that are stored and not finished.</summary>
    public long LiveReferences { get; init; }

    /// <summary>Segments of the log.</summary>
    public int LogSegments { get; init; }

    /// <summary>Segments written by compaction.</summary>
    public int ColdSegments { get; init; }

    /// <summary>Bytes of the directory's files.</summary>
    public long DiskBytes { get; init; }

    /// <summary>Bytes that are free on its disk.</summary>
    public long DiskFreeBytes { get; init; }

    /// <summary>How often publishers had to be held back because the disk was nearly full.</summary>
    public long FullCount { get; init; }

    /// <summary>Checkpoints since the start.</summary>
    public long Checkpoints { get; init; }

    /// <summary>The LSN of the newest checkpoint; 0: none.</summary>
    public ulong CheckpointLsn { get; init; }

    /// <summary>Bytes of the newest checkpoint.</summary>
    public long CheckpointBytes { get; init; }

    /// <summary>Segments that were given back since the start.</summary>
    public long FreedSegments { get; init; }

    /// <summary>Segments that were compacted since the start.</summary>
    public long CompactedSegments { get; init; }

    /// <summary>References that compaction has relocated since the start.</summary>
    public long MovedReferences { get; init; }

    /// <summary>Bytes that were read again since the start to find damage.</summary>
    public long ScrubbedBytes { get; init; }

    /// <summary>Damaged places found so.</summary>
    public long DamagedRecords { get; init; }

    /// <summary>Messages that were asked for and could not be read.</summary>
    public long UnreadableMessages { get; init; }
}
