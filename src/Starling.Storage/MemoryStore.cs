using Starling.Broker.Ports;

namespace Starling.Storage;

/// <summary>
/// The store of durability <c>memory</c>: the broker's own memory is all there is, so each record is stored as soon as it is appended and
/// nothing survives the process.
/// </summary>
public sealed class MemoryStore : IDurableStore
{
    /// <inheritdoc/>
    public bool IsDurable => false;

    /// <inheritdoc/>
    public StoreCondition Condition => StoreCondition.Ready;

    /// <inheritdoc/>
    public StoreFigures Figures => default;

    /// <inheritdoc/>
    public void Recover(IRecoverySink sink)
    {
        // Nothing was kept.
    }

    /// <inheritdoc/>
    public IShardStore Open(int shard, IShardStoreEvents events) => new MemoryShardStore();
}
