using Starling.Storage.State;

namespace Starling.Storage.Commits;

/// <summary>A question for messages, on its way from a shard by the committer to the reader.</summary>
internal sealed class ReadRequest(ShardStore shard, ulong session, ulong[] sequences)
{
    public ShardStore Shard { get; } = shard;

    public ulong Session { get; } = session;

    public ulong[] Sequences { get; } = sequences;

    /// <summary>Where each message stands; nowhere for a delivery that is gone.</summary>
    public Location[] Locations { get; } = new Location[sequences.Length];

    /// <summary>The segments that must stay until the answer.</summary>
    public List<SegmentUse> Pinned { get; } = [];

    /// <summary>Finds the places. Of the committer.</summary>
    public void Locate(StoreState state)
    {
        SessionState? session = state.Sessions.Find(Session);
        for (int i = 0; session is not null && i < Sequences.Length; i++)
        {
            if (session.FindDelivery(Sequences[i]) is [var entry] && !entry.IsReceived)
            {
                Locations[i] = entry.Location;
                Pin(state.Segments.FindOrAdd(entry.Location.Segment));
            }
        }
    }

    private void Pin(SegmentUse use)
    {
        if (!Pinned.Contains(use))
        {
            use.Pin();
            Pinned.Add(use);
        }
    }
}
