namespace Starling.CommitLog;

/// <summary>The sizes of a log.</summary>
public sealed record CommitLogOptions
{
    /// <summary>The highest <see cref="SegmentBytes"/>: offsets in a segment fit into 24 bits, in units of 8.</summary>
    public const long SegmentBytesMax = 1L << 27;

    private const long SegmentBytesMin = 1L << 12;
    private const int FrameBytesMin = 1 << 9;

    /// <summary>The size of a segment file: 4 KiB to 128 MiB, a multiple of 4 KiB; 64 MiB by default.</summary>
    public long SegmentBytes { get; init; } = 64L << 20;

    /// <summary>
    /// The size of each of the two frame buffers, which bounds what can be appended during one sync: 512 bytes to the size of a segment,
    /// a multiple of 8; 8 MiB by default. A record larger than a quarter of it gets a frame of its own.
    /// </summary>
    public int FrameBytes { get; init; } = 8 << 20;

    /// <summary>How many files of freed segments are kept for the next ones: at least <see cref="ReserveSegments"/>; 8 by default.</summary>
    public int RecycledSegmentsMax { get; init; } = 8;

    /// <summary>How many allocated segments are kept for when the disk is full: 0 to 64; 2 by default.</summary>
    public int ReserveSegments { get; init; } = 2;

    /// <summary>What a commit waits for.</summary>
    public LogSync Sync { get; init; } = LogSync.Disk;

    internal void Validate()
    {
        Require(SegmentBytes is >= SegmentBytesMin and <= SegmentBytesMax && SegmentBytes % SegmentBytesMin == 0, nameof(SegmentBytes));
        Require(FrameBytes >= FrameBytesMin && FrameBytes <= SegmentBytes && FrameBytes % 8 == 0, nameof(FrameBytes));
        Require(ReserveSegments is >= 0 and <= 64, nameof(ReserveSegments));
        Require(RecycledSegmentsMax >= ReserveSegments, nameof(RecycledSegmentsMax));
    }

    private static void Require(bool isAllowed, string name)
    {
        if (!isAllowed)
        {
            throw new ArgumentException($"{name} is out of its bounds", name);
        }
    }
}
