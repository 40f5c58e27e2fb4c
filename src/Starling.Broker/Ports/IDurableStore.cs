namespace Starling.Broker.Ports;

/// <summary>Where the state of persistent sessions and retained messages is kept.</summary>
public interface IDurableStore
{
    /// <summary>Whether state survives the process, so that there is something to read back.</summary>
    bool IsDurable { get; }

    /// <summary>How the store is. Callable from any thread, and cheap.</summary>
    StoreCondition Condition { get; }

    /// <summary>Figures for the counters. Callable from any thread.</summary>
    StoreFigures Figures { get; }

    /// <summary>
    /// Gives everything that was stored to the broker, once, before any shard is opened, on the calling thread.
    /// </summary>
    void Recover(IRecoverySink sink);

    /// <summary>Opens the store for one shard. The events come from any thread.</summary>
    IShardStore Open(int shard, IShardStoreEvents events);
}
