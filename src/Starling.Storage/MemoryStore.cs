using Starling.Broker.Ports;

namespace Starling.Storage;

/// <summary>
/// The store of durability <c>memory</c>: the broker's own memory is all there is, so each record is stored as soon as it is appended and
/// nothing survives the process.
/// </summary>
public sealed class MemoryStore : IDurableStore
{
    /// <inheritdoc/>
    public IShardStore Open(int shard, ICompletion<ulong> committed) => new MemoryShardStore();
}
