using Microsoft.Extensions.Logging;
using Starling.CommitLog;

namespace Starling.Storage;

/// <summary>Where and how a <see cref="LogStore"/> keeps its state.</summary>
public sealed record LogStoreOptions
{
    /// <summary>The data directory.</summary>
    public required ILogDirectory Directory { get; init; }

    /// <summary>Whether a commit waits for the disk (durability <c>fsync</c>), or for the operating system only (<c>os</c>).</summary>
    public bool IsSynced { get; init; } = true;

    /// <summary>The sizes of the log.</summary>
    public CommitLogOptions Log { get; init; } = new();

    /// <summary>
    /// A checkpoint is taken when this much log was written since the last one, or four times its size where that is more; 256 MiB by
    /// default, at least 4 KiB.
    /// </summary>
    public long CheckpointBytes { get; init; } = 256L << 20;

    /// <summary>
    /// A segment is compacted when less than this share of what it held is still needed: 0 (never) to 100 percent; 25 by default.
    /// </summary>
    public int CompactionPercent { get; init; } = 25;

    /// <summary>How fast compaction reads, at most; 20 MiB each second by default. Four times as fast while the disk is full.</summary>
    public long CompactionBytesPerSecond { get; init; } = 20L << 20;

    /// <summary>How fast stored bytes are read again to find damage, at most; 8 MiB each second by default, 0: never.</summary>
    public long ScrubBytesPerSecond { get; init; } = 8L << 20;

    /// <summary>
    /// Below so many free bytes publishers are held back; null (the default): a tenth of the disk, but no more than 1 GiB.
    /// </summary>
    public long? DiskFreeBytesMin { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where the log goes; null: nowhere.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>Whether the store starts its threads. Tests drive it by hand.</summary>
    public bool RunThreads { get; init; } = true;

    internal void Validate()
    {
        Require(CheckpointBytes >= 4096, nameof(CheckpointBytes), "at least 4096");
        Require(CompactionPercent is >= 0 and <= 100, nameof(CompactionPercent), "0 to 100");
        Require(CompactionBytesPerSecond > 0, nameof(CompactionBytesPerSecond), "more than 0");
        Require(ScrubBytesPerSecond >= 0, nameof(ScrubBytesPerSecond), "0 or more");
        Require(DiskFreeBytesMin is null or >= 0, nameof(DiskFreeBytesMin), "0 or more");
    }

    private static void Require(bool isAllowed, string name, string allowed)
    {
        if (!isAllowed)
        {
            throw new StoreException(StoreFailure.Usage, $"{name} must be {allowed}");
        }
    }
}
