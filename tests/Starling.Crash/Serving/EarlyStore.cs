using Starling.Broker.Ports;

namespace Starling.Crash.Serving;

/// <summary>The fault that the tests must find: every record is reported as stored when it is appended.</summary>
internal sealed class EarlyStore(IDurableStore store) : IDurableStore
{
    public bool IsDurable => store.IsDurable;

    public StoreCondition Condition => store.Condition;

    public StoreFigures Figures => store.Figures;

    public void Recover(IRecoverySink sink) => store.Recover(sink);

    public IShardStore Open(int shard, IShardStoreEvents events) => new EarlyShardStore(store.Open(shard, events));
}
