using Starling.CommitLog;
using Starling.Storage.Commits;
using Starling.Storage.State;

namespace Starling.Storage.Upkeep;

/// <summary>
/// Finds the segment that is worth compacting most: the lowest share of its references is live. One of the log only when it could be
/// given back at once, because it may well empty itself before.
/// </summary>
internal sealed class PickWork(IReadOnlyList<LogSegment> segments, ulong olderCheckpointLsn, int percent, IReadOnlySet<ulong> excluded)
    : CommitterWork
{
    private double _bestShare;

    /// <summary>The segment; 0: none.</summary>
    public ulong Segment { get; private set; }

    public bool IsCold { get; private set; }

    /// <summary>Its use, pinned, so that it is not given back before it is read; the asker unpins it.</summary>
    public SegmentUse? Pinned { get; private set; }

    protected override void Do(StoreState state)
    {
        _bestShare = percent / 100.0;
        foreach (LogSegment segment in segments)
        {
            if (segment.IsSealed && segment.NewestLsn <= olderCheckpointLsn && state.Segments.Find(segment.Id) is { } use)
            {
                Consider(use);
            }
        }

        foreach (SegmentUse use in state.Segments.All)
        {
            if (use.IsCold)
            {
                Consider(use);
            }
        }

        Pinned = state.Segments.Find(Segment);
        Pinned?.Pin();
    }

    private void Consider(SegmentUse use)
    {
        double share = (double)use.LiveReferences / Math.Max(use.TotalReferences, 1);
        if (use.LiveReferences > 0 && share < _bestShare && !excluded.Contains(use.Id))
        {
            _bestShare = share;
            Segment = use.Id;
            IsCold = use.IsCold;
        }
    }
}
