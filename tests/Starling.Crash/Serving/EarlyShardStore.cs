using Starling.Broker.Ports;

namespace Starling.Crash.Serving;

/// <summary>One shard's part of <see cref="EarlyStore"/>.</summary>
internal sealed class EarlyShardStore(IShardStore store) : IShardStore
{
    public ulong CommittedLsn { get; private set; }

    public bool TryAppend(scoped in StoreRecord record, out ulong lsn)
    {
        bool isAppended = store.TryAppend(record, out lsn);
        CommittedLsn = isAppended ? lsn : CommittedLsn;
        return isAppended;
    }
}
