using Starling.Broker.Ports;

namespace Starling.Broker.Tests.Behaviour;

/// <summary>The part of a <see cref="DelayedStore"/> that one shard uses.</summary>
internal sealed class DelayedShardStore(DelayedStore store, IShardStoreEvents events) : IShardStore
{
    public ulong CommittedLsn { get; private set; }

    public ulong AppendedLsn { get; private set; }

    public bool IsFull => store.IsFull;

    public ulong Append(scoped in StoreRecord record)
    {
        ulong lsn = ++AppendedLsn;
        store.Records.Add(new StoredRecord(record, lsn));
        if (store.IsImmediate)
        {
            CommittedLsn = AppendedLsn;
        }

        return lsn;
    }

    public void Read(ulong session, ReadOnlySpan<ulong> sequences) =>
        store.Questions.Enqueue(new DelayedStore.Question(events, session, sequences.ToArray()));

    public void CommitTo(ulong lsn)
    {
        if (lsn > CommittedLsn)
        {
            CommittedLsn = lsn;
            events.Committed();
        }
    }
}
