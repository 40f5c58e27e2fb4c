using Starling.Broker.Ports;

namespace Starling.Crash.Serving;

/// <summary>One shard's part of <see cref="EarlyStore"/>.</summary>
internal sealed class EarlyShardStore(IShardStore store) : IShardStore
{
    public ulong CommittedLsn { get; private set; }

    public bool IsFull => store.IsFull;

    public ulong Append(scoped in StoreRecord record) => CommittedLsn = store.Append(record);

    public void Read(ulong session, ReadOnlySpan<ulong> sequences) => store.Read(session, sequences);
}
