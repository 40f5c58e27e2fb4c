namespace Starling.CommitLog.Recovery;

/// <summary>Finds frames in a segment file, whatever else is in it.</summary>
internal sealed class SegmentReader(FileWindow window, ulong segmentId, ulong storePrefix)
{
    private const int SearchBytes = 1 << 16;

    /// <summary>Reads a frame of this segment whose checksums are right, its own and those of its records.</summary>
    public bool TryReadFrame(long offset, out LogFrame frame)
    {
        frame = default;
        if (!TryReadHeader(offset, out FrameHeader header))
        {
            return false;
        }

        ReadOnlySpan<byte> bytes = window.Get(offset, header.LengthBytes);
        if (bytes.Length < header.LengthBytes || !AreValid(bytes[FrameHeader.Bytes..], header.RecordCount))
        {
            return false;
        }

        frame = new LogFrame(header, offset, bytes[FrameHeader.Bytes..]);
        return true;
    }

    /// <summary>Reads the header of a frame of this segment that fits into the file.</summary>
    public bool TryReadHeader(long offset, out FrameHeader header)
    {
        header = default;
        return offset + FrameHeader.Bytes <= window.FileBytes
            && FrameHeader.TryRead(window.Get(offset, FrameHeader.Bytes), out header)
            && header.SegmentId == segmentId
            && header.StorePrefix == storePrefix
            && header.LengthBytes <= window.FileBytes - offset;
    }

    /// <summary>Looks for the next whole frame at or after an offset.</summary>
    /// <param name="from">Where to begin.</param>
    /// <param name="hasTrace">Whether there is something, at least, that began as a frame of this segment.</param>
    /// <returns>Its offset, or -1.</returns>
    public long FindFrame(long from, out bool hasTrace)
    {
        hasTrace = false;
        for (long offset = FindTrace(from); offset >= 0; offset = FindTrace(offset + 8))
        {
            hasTrace = true;
            if (TryReadFrame(offset, out _))
            {
                return offset;
            }
        }

        return -1;
    }

    /// <summary>Looks for the next header at or after an offset, whatever its records are.</summary>
    /// <returns>Its offset, or -1.</returns>
    public long FindHeader(long from, out bool hasTrace)
    {
        hasTrace = false;
        for (long offset = FindTrace(from); offset >= 0; offset = FindTrace(offset + 8))
        {
            hasTrace = true;
            if (TryReadHeader(offset, out _))
            {
                return offset;
            }
        }

        return -1;
    }

    // Magic, segment and store, with any checksum. Frames stand at multiples of 8; an earlier life of the file had another segment.
    private long FindTrace(long from)
    {
        for (long offset = from; offset + FrameHeader.Bytes <= window.FileBytes;)
        {
            ReadOnlySpan<byte> bytes = window.Get(offset, SearchBytes);
            int hit = bytes.IndexOf(FrameHeader.Magic);
            if (hit < 0)
            {
                // Both ends are multiples of 8, so that no magic lies across the end.
                offset += Math.Max(8, bytes.Length & ~7);
                continue;
            }

            offset += hit & ~7;
            if (hit % 8 == 0 && IsTrace(window.Get(offset, FrameHeader.Bytes)))
            {
                return offset;
            }

            offset += 8;
        }

        return -1;
    }

    private bool IsTrace(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < FrameHeader.Bytes)
        {
            return false;
        }

        FrameHeader header = FrameHeader.ReadFields(bytes);
        return header.SegmentId == segmentId && header.StorePrefix == storePrefix;
    }

    private static bool AreValid(ReadOnlySpan<byte> records, int count)
    {
        while (!records.IsEmpty)
        {
            if (RecordFormat.TryRead(records, out int length) != RecordStatus.Valid)
            {
                return false;
            }

            records = records[RecordFormat.Padded(length)..];
            count--;
        }

        return count == 0;
    }
}
