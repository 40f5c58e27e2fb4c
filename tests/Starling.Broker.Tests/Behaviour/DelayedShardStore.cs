using Starling.Broker.Ports;

namespace Starling.Broker.Tests.Behaviour;

/// <summary>The part of a <see cref="DelayedStore"/> that one shard uses.</summary>
internal sealed class DelayedShardStore(DelayedStore store, ICompletion<ulong> committed) : IShardStore
{
    public ulong CommittedLsn { get; private set; }

    public ulong AppendedLsn { get; private set; }

    public bool TryAppend(scoped in StoreRecord record, out ulong lsn)
    {
        lsn = ++AppendedLsn;
        store.Records.Add(new StoredRecord(record, lsn));
        if (store.IsImmediate)
        {
            CommittedLsn = AppendedLsn;
        }

        return true;
    }

    public void CommitTo(ulong lsn)
    {
        if (lsn > CommittedLsn)
        {
            CommittedLsn = lsn;
            committed.Complete(lsn);
        }
    }
}
