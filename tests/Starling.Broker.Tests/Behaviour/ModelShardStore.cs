using Starling.Broker.Ports;

namespace Starling.Broker.Tests.Behaviour;

/// <summary>The part of a <see cref="ModelStore"/> that one shard uses.</summary>
internal sealed class ModelShardStore(ModelStore store, IShardStoreEvents events) : IShardStore
{
    // For each record of this shard, its place in the log of this run.
    private readonly List<int> _places = [];

    public IShardStoreEvents Events => events;

    public ulong CommittedLsn { get; private set; }

    public bool IsFull => store.IsFull;

    public ulong Append(scoped in StoreRecord record)
    {
        ulong lsn = (ulong)_places.Count + 1;
        store.Append(new StoredRecord(record, lsn));
        _places.Add(store.AppendedNow);
        CommittedLsn = store.IsImmediate ? lsn : CommittedLsn;
        return lsn;
    }

    public void Read(ulong session, ReadOnlySpan<ulong> sequences) => store.Ask(events, session, sequences.ToArray());

    /// <summary>The first so many records of all shards are committed.</summary>
    public void Publish(int count)
    {
        int mine = _places.FindLastIndex(place => place <= count) + 1;
        if ((ulong)mine > CommittedLsn)
        {
            CommittedLsn = (ulong)mine;
            events.Committed();
        }
    }
}
