using Starling.Broker.Ports;

namespace Starling.Storage;

/// <summary>Counts the records of one shard; each is committed when it is appended.</summary>
internal sealed class MemoryShardStore : IShardStore
{
    public ulong CommittedLsn { get; private set; }

    public bool TryAppend(scoped in StoreRecord record, out ulong lsn)
    {
        lsn = ++CommittedLsn;
        return true;
    }
}
