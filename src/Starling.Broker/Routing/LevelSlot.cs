namespace Starling.Broker.Routing;

/// <summary>A place in a <see cref="LevelTable"/>; a struct, so that reading it needs no check of the array's element type.</summary>
internal struct LevelSlot
{
    /// <summary>A field, because readers need it by reference.</summary>
    public LevelNode? Node;

    /// <summary>
    /// Spares a look at nodes of other levels, which are all over the memory. Written before the node: who reads the node first sees its
    /// hash, or that of a later node, and then the first one is gone from the table.
    /// </summary>
    public uint Hash;
}
