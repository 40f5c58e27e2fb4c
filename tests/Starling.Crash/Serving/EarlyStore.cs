using Starling.Broker.Ports;

namespace Starling.Crash.Serving;

/// <summary>The fault that the tests must find: every record is reported as stored when it is appended.</summary>
internal sealed class EarlyStore(IDurableStore store) : IDurableStore
{
    public IShardStore Open(int shard, ICompletion<ulong> committed) => new EarlyShardStore(store.Open(shard, committed));
}
