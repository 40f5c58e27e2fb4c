namespace Starling.Broker.Routing;

/// <summary>A node of the retained tree that a traversal has not finished with.</summary>
internal struct RetainedFrame(RetainedNode node, int filterOffset)
{
    public readonly RetainedNode Node = node;

    /// <summary>Where in the filter the level below the node begins.</summary>
    public readonly int FilterOffset = filterOffset;

    /// <summary>The children as they were when the traversal came to them; null before.</summary>
    public LevelSlot[]? Slots;

    /// <summary>The next slot to look at.</summary>
    public int Index;
}
