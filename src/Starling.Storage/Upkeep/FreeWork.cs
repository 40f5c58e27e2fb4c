using Starling.CommitLog;
using Starling.Storage.Commits;
using Starling.Storage.State;

namespace Starling.Storage.Upkeep;

/// <summary>
/// Finds segments that nobody needs: nothing in the index refers to them, no reader is at them, and a restart would not replay them even
/// if it had to take the older checkpoint.
/// </summary>
internal sealed class FreeWork(IReadOnlyList<LogSegment> segments, ulong olderCheckpointLsn, IReadOnlySet<ulong> inUse) : CommitterWork
{
    public List<ulong> Log { get; } = [];

    public List<ulong> Cold { get; } = [];

    protected override void Do(StoreState state)
    {
        foreach (LogSegment segment in segments)
        {
            if (segment.IsSealed && !inUse.Contains(segment.Id) && segment.NewestLsn <= olderCheckpointLsn
                && state.Segments.Find(segment.Id) is null or { LiveReferences: 0, IsPinned: false })
            {
                Log.Add(segment.Id);
            }
        }

        foreach (SegmentUse use in state.Segments.All)
        {
            if (use is { IsCold: true, LiveReferences: 0, IsPinned: false } && use.EmptiedLsn <= olderCheckpointLsn && !inUse.Contains(use.Id))
            {
                Cold.Add(use.Id);
            }
        }

        foreach (ulong segment in Log.Concat(Cold))
        {
            state.Segments.Forget(segment);
        }
    }
}
