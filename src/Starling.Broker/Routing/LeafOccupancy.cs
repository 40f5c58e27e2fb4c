namespace Starling.Broker.Routing;

/// <summary>What one shard has on a leaf, for the eyes of the other shards. Ordered: a higher value includes the lower ones.</summary>
internal enum LeafOccupancy
{
    None = 0,

    /// <summary>Subscriptions, all of sessions that end with their connection.</summary>
    Live = 1,

    /// <summary>At least one subscription of a persistent session.</summary>
    HasPersistent = 2,
}
