using Starling.Broker.Ports;

namespace Starling.Crash.Serving;

/// <summary>The fault that the tests must find: every record is reported as stored when it is appended.</summary>
internal sealed class EarlyStore(IDurableStore store) : IDurableStore
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly List<EarlyShardStore> _shards = [];

    public bool IsDurable => store.IsDurable;

    public StoreCondition Condition => store.Condition;

    public StoreFigures Figures => store.Figures;

    public void Recover(IRecoverySink sink) => store.Recover(sink);

    public IShardStore Open(int shard, IShardStoreEvents events)
    {
        EarlyShardStore opened = new(this, store.Open(shard, events), events);
        lock (_shards)
        {
            _shards.Add(opened);
        }

        return opened;
    }

    /// <summary>Returns when everything is stored that has been appended, on whatever shard.</summary>
    public void WaitUntilStored()
    {
        EarlyShardStore[] shards;
        lock (_shards)
        {
            shards = [.. _shards];
        }

        foreach (EarlyShardStore shard in shards)
        {
            SpinWait.SpinUntil(() => shard.IsStored, Patience);
        }
    }
}
