using Starling.Storage.Commits;
using Starling.Storage.State;

namespace Starling.Storage.Upkeep;

/// <summary>Asks which of the references found in a piece of a segment are still in the index.</summary>
internal sealed class LiveWork : CommitterWork
{
    /// <summary>Candidates; afterwards those that are live.</summary>
    public List<LiveDelivery> Deliveries { get; } = [];

    /// <summary>Candidates; afterwards those that are live.</summary>
    public List<LiveRetained> Retained { get; } = [];

    protected override void Do(StoreState state)
    {
        Deliveries.RemoveAll(candidate =>
            state.Sessions.Find(candidate.Session) is not { } session
            || session.FindDelivery(candidate.Sequence) is not [var entry]
            || entry.IsReceived
            || entry.Location != candidate.Location);
        Retained.RemoveAll(candidate =>
            state.Retained.Find(candidate.Topic) is not { } retained
            || retained.Revision != candidate.Revision
            || retained.Location != candidate.Location);
    }
}
