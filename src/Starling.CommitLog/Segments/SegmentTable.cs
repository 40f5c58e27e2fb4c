namespace Starling.CommitLog.Segments;

/// <summary>The segments that hold frames, in the order of their identifiers. Any thread may ask.</summary>
internal sealed class SegmentTable
{
    private readonly Lock _lock = new();
    private readonly List<LogSegment> _sealed = [];
    private SegmentFile? _active;
    private ulong _activeLsn;
    private long _activeBytes;

    public IReadOnlyList<LogSegment> Snapshot()
    {
        lock (_lock)
        {
            List<LogSegment> segments = new(_sealed.Count + 1);
            segments.AddRange(_sealed);
            if (_active is { } active)
            {
                segments.Add(new LogSegment(active.Id, active.Name, _activeLsn, _activeBytes, IsSealed: false));
            }

            return segments;
        }
    }

    public void AddSealed(LogSegment segment)
    {
        lock (_lock)
        {
            _sealed.Add(segment);
        }
    }

    /// <summary>Seals the active segment and puts another in its place.</summary>
    public void Roll(SegmentFile next)
    {
        lock (_lock)
        {
            if (_active is { } active)
            {
                _sealed.Add(new LogSegment(active.Id, active.Name, _activeLsn, _activeBytes, IsSealed: true));
            }

            _active = next;
            _activeLsn = 0;
            _activeBytes = 0;
        }
    }

    public void Grow(ulong lsn, long endBytes)
    {
        lock (_lock)
        {
            _activeLsn = lsn;
            _activeBytes = endBytes;
        }
    }

    /// <returns>The sealed segment that was removed, or null when there is none.</returns>
    public LogSegment? Remove(ulong id)
    {
        lock (_lock)
        {
            int index = _sealed.FindIndex(segment => segment.Id == id);
            if (index < 0)
            {
                return null;
            }

            LogSegment segment = _sealed[index];
            _sealed.RemoveAt(index);
            return segment;
        }
    }
}
