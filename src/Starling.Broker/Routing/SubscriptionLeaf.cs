namespace Starling.Broker.Routing;

/// <summary>
/// The end of one Topic Filter in the subscription tree: per shard a set of subscribers and one word about it, and the shared groups.
/// </summary>
internal sealed class SubscriptionLeaf(SubscriptionNode node, bool isSubtree)
{
    private volatile ShardSubscribers? _first;

    /// <summary>The groups of Shared Subscriptions, by ShareName; changed under the tree's lock. A field, because a table is never copied.</summary>
    public LevelTable Groups;

    public SubscriptionNode Node { get; } = node;

    /// <summary>Whether the filter ends with # below the node.</summary>
    public bool IsSubtree { get; } = isSubtree;

    /// <summary>Nothing hangs here. Holds still only under the tree's lock.</summary>
    public bool IsEmpty => _first is null && Groups.Count == 0;

    /// <summary>The head of the chain of the shards' sets; any thread may follow it.</summary>
    public ShardSubscribers? First => _first;

    public LeafOccupancy OccupancyOf(int shard) => Find(shard)?.Occupancy ?? LeafOccupancy.None;

    /// <summary>The shard's set, or null when it has nothing here.</summary>
    public ShardSubscribers? Find(int shard)
    {
        ShardSubscribers? set = _first;
        while (set is not null && set.Shard != shard)
        {
            set = set.Next;
        }

        return set;
    }

    /// <summary>Under the tree's lock.</summary>
    public void Link(ShardSubscribers set)
    {
        set.Next = _first;
        _first = set;
    }

    /// <summary>Under the tree's lock. The set keeps its link, because a reader may stand on it.</summary>
    public void Unlink(ShardSubscribers set)
    {
        if (ReferenceEquals(_first, set))
        {
            _first = set.Next;
            return;
        }

        for (ShardSubscribers? before = _first; before is not null; before = before.Next)
        {
            if (ReferenceEquals(before.Next, set))
            {
                before.Next = set.Next;
                return;
            }
        }
    }
}
