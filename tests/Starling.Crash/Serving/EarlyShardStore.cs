using Starling.Broker.Ports;

namespace Starling.Crash.Serving;

/// <summary>One shard's part of <see cref="EarlyStore"/>.</summary>
internal sealed class EarlyShardStore(IShardStore store) : IShardStore
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public ulong CommittedLsn { get; private set; }

    public bool IsFull => store.IsFull;

    public ulong Append(scoped in StoreRecord record) => CommittedLsn = store.Append(record);

    // What is not stored yet cannot be read back. Waiting for it keeps to one fault, the one that only a kill shows.
    public void Read(ulong session, ReadOnlySpan<ulong> sequences)
    {
        SpinWait.SpinUntil(() => store.CommittedLsn >= CommittedLsn, Patience);
        store.Read(session, sequences);
    }
}
