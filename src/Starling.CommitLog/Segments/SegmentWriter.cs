namespace Starling.CommitLog.Segments;

/// <summary>Writes frames one after the other into segments. Of the committer.</summary>
internal sealed class SegmentWriter(SegmentStock stock, SegmentTable table, LogSync sync) : IDisposable
{
    private SegmentFile? _active;

    public ulong SegmentId => _active?.Id ?? 0;

    /// <summary>Where the next frame goes.</summary>
    public long Offset { get; private set; }

    /// <summary>Makes sure that the active segment has room for a frame.</summary>
    /// <exception cref="LogFullException">It has none, and there is no other.</exception>
    public void MakeRoom(int frameBytes)
    {
        if (_active is { } active && frameBytes <= active.LengthBytes - Offset)
        {
            return;
        }

        SegmentFile next = stock.Take(frameBytes);
        _active?.File.Dispose();
        _active = next;
        Offset = 0;
        table.Roll(next);
    }

    /// <exception cref="LogFullException">There was no room. Nothing counts as written; the same frame may be written again.</exception>
    public void Write(ReadOnlySpan<byte> frame, ulong lsn)
    {
        SegmentFile active = _active ?? throw new InvalidOperationException("there is no segment");
        active.File.Write(frame, Offset);
        if (sync == LogSync.Disk)
        {
            Sync(active);
        }

        Offset += frame.Length;
        table.Grow(lsn, Offset);
    }

    public void Dispose() => _active?.File.Dispose();

    // After a failed sync nobody knows what the disk holds, not even when it only says that it is full.
    private static void Sync(SegmentFile active)
    {
        try
        {
            active.File.Sync();
        }
        catch (LogFullException cause)
        {
            throw new IOException(cause.Message, cause);
        }
    }
}
