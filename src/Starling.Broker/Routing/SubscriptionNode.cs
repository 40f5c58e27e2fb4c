namespace Starling.Broker.Routing;

/// <summary>One level of Topic Filters in the subscription tree. Changed under the tree's lock, read without it.</summary>
internal sealed class SubscriptionNode(in LevelKey key, SubscriptionNode? parent) : LevelNode(key)
{
    private volatile SubscriptionNode? _anyLevel;
    private volatile SubscriptionLeaf? _leaf;
    private volatile SubscriptionLeaf? _subtreeLeaf;

    /// <summary>A field, because a table is never copied.</summary>
    public LevelTable Children;

    /// <summary>Null for the root only.</summary>
    public SubscriptionNode? Parent { get; } = parent;

    /// <summary>The child for the level +.</summary>
    public SubscriptionNode? AnyLevel
    {
        get => _anyLevel;
        set => _anyLevel = value;
    }

    /// <summary>For the filter that ends with this level.</summary>
    public SubscriptionLeaf? Leaf
    {
        get => _leaf;
        set => _leaf = value;
    }

    /// <summary>For the filter that has # below this level.</summary>
    public SubscriptionLeaf? SubtreeLeaf
    {
        get => _subtreeLeaf;
        set => _subtreeLeaf = value;
    }

    public bool IsEmpty => _leaf is null && _subtreeLeaf is null && _anyLevel is null && Children.Count == 0;
}
