namespace Starling.Storage.Commits;

/// <summary>
/// Which records of one shard stand in which of the frames that are not committed yet. A frame is marked by who appends to it before the
/// record is completed, and read by the committer once the frame is committed.
/// </summary>
internal sealed class FrameMarks
{
    // The log has far fewer frames that are not committed: two buffers, and a few large records.
    private const int FramesMax = 64;

    private readonly Mark[] _marks = new Mark[FramesMax];

    /// <summary>The record with this number, and all before it, stand in the frame or before it.</summary>
    public void Add(ulong frameLsn, ulong number, bool isAwaited)
    {
        ref Mark mark = ref _marks[frameLsn % FramesMax];
        mark.IsAwaited = isAwaited || (mark.Frame == frameLsn && mark.IsAwaited);
        mark.Last = number;
        mark.Frame = frameLsn;
    }

    /// <summary>The last record in a committed frame; false when it has none of this shard.</summary>
    public bool TryGet(ulong frameLsn, out ulong last, out bool isAwaited)
    {
        Mark mark = _marks[frameLsn % FramesMax];
        last = mark.Last;
        isAwaited = mark.IsAwaited;
        return mark.Frame == frameLsn;
    }

    private struct Mark
    {
        public ulong Frame;
        public ulong Last;
        public bool IsAwaited;
    }
}
