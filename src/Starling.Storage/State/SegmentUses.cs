namespace Starling.Storage.State;

/// <summary>Counts the references into each segment.</summary>
internal sealed class SegmentUses
{
    private readonly Dictionary<ulong, SegmentUse> _uses = [];
    private SegmentUse? _last;

    /// <summary>References in the index, over all segments.</summary>
    public long LiveReferences { get; private set; }

    public IReadOnlyCollection<SegmentUse> All => _uses.Values;

    public SegmentUse? Find(ulong segment)
    {
        if (_last is { } last && last.Id == segment)
        {
            return last;
        }

        return _uses.TryGetValue(segment, out SegmentUse? use) ? _last = use : null;
    }

    public SegmentUse FindOrAdd(ulong segment)
    {
        if (Find(segment) is { } use)
        {
            return use;
        }

        _uses[segment] = _last = new SegmentUse(segment);
        return _last;
    }

    /// <summary>A record says what was moved into a file of compaction. The file is needed as long as that record may be replayed, also if nothing lives in it.</summary>
    public void NoteMove(ulong segment, ulong lsn)
    {
        SegmentUse use = FindOrAdd(segment);
        use.IsCold = true;
        use.EmptiedLsn = Math.Max(use.EmptiedLsn, lsn);
    }

    public void Add(Location location)
    {
        SegmentUse use = FindOrAdd(location.Segment);
        use.Reaches(location.Offset);
        use.TotalReferences++;
        use.LiveReferences++;
        LiveReferences++;
    }

    /// <summary>A reference from a checkpoint, whose table of segments says how many there were.</summary>
    public void Restore(Location location)
    {
        SegmentUse use = FindOrAdd(location.Segment);
        use.Reaches(location.Offset);
        use.LiveReferences++;
        LiveReferences++;
    }

    public void Remove(Location location, ulong lsn)
    {
        if (Find(location.Segment) is not { } use)
        {
            return;
        }

        LiveReferences--;
        if (--use.LiveReferences == 0)
        {
            use.EmptiedLsn = lsn;
        }
    }

    /// <summary>The segment is no more.</summary>
    public void Forget(ulong segment)
    {
        _uses.Remove(segment);
        _last = null;
    }
}
