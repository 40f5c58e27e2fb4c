namespace Starling.CommitLog;

/// <summary>One committed frame. What it refers to is valid until the call that got it returns, or the next call of the method that gave it.</summary>
public readonly ref struct LogFrame
{
    internal LogFrame(scoped in FrameHeader header, long offset, ReadOnlySpan<byte> records)
    {
        Lsn = header.Lsn;
        SegmentId = header.SegmentId;
        UtcMilliseconds = header.UtcMilliseconds;
        RecordCount = header.RecordCount;
        RecordsOffset = offset + FrameHeader.Bytes;
        Records = records;
    }

    /// <summary>The log sequence number: one more than that of the frame before.</summary>
    public ulong Lsn { get; }

    /// <summary>The segment that holds it.</summary>
    public ulong SegmentId { get; }

    /// <summary>The offset of the first record in the segment.</summary>
    public long RecordsOffset { get; }

    /// <summary>When it was committed: milliseconds since 1970 in UTC.</summary>
    public long UtcMilliseconds { get; }

    /// <summary>The number of records.</summary>
    public int RecordCount { get; }

    /// <summary>The records, each padded to a multiple of 8 (<see cref="RecordFormat"/>).</summary>
    public ReadOnlySpan<byte> Records { get; }
}
