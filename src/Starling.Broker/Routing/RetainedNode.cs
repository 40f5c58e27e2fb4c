namespace Starling.Broker.Routing;

/// <summary>One level of topics in the retained tree. Writers hold its monitor, the parent's before the child's; readers hold nothing.</summary>
internal sealed class RetainedNode(in LevelKey key, RetainedNode? parent) : LevelNode(key)
{
    /// <summary>What a node and its place in the parent's table take, in bytes, beside a long level.</summary>
    public const int SizeBytes = 144;

    private volatile RetainedMessage? _message;

    /// <summary>A field, because a table is never copied.</summary>
    public LevelTable Children;

    /// <summary>Null for the root only.</summary>
    public RetainedNode? Parent { get; } = parent;

    public RetainedMessage? Message
    {
        get => _message;
        set => _message = value;
    }

    /// <summary>Unlinked: nothing may be put here any more. Under the node's lock.</summary>
    public bool IsDead { get; set; }

    public bool IsEmpty => _message is null && Children.Count == 0;
}
