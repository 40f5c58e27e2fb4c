using Starling.Broker.Ports;

namespace Starling.Crash.Serving;

/// <summary>One shard's part of <see cref="EarlyStore"/>.</summary>
internal sealed class EarlyShardStore(EarlyStore parent, IShardStore store, IShardStoreEvents events) : IShardStore
{
    private ulong _appended;
    private ulong _reported;

    public ulong CommittedLsn => Volatile.Read(ref _reported);

    public bool IsFull => store.IsFull;

    /// <summary>Whether everything is stored that was appended until now.</summary>
    public bool IsStored => store.CommittedLsn >= Volatile.Read(ref _appended);

    public ulong Append(scoped in StoreRecord record)
    {
        Volatile.Write(ref _appended, store.Append(record));
        ThreadPool.UnsafeQueueUserWorkItem(static shard => shard.Report(), this, preferLocal: false);
        return _appended;
    }

    // What is not stored yet cannot be read back. Waiting for it keeps to one fault, the one that only a kill shows.
    public void Read(ulong session, ReadOnlySpan<ulong> sequences)
    {
        parent.WaitUntilStored();
        store.Read(session, sequences);
    }

    private void Report()
    {
        Volatile.Write(ref _reported, Volatile.Read(ref _appended));
        events.Committed();
    }
}
