namespace Starling.Broker.Routing;

/// <summary>A place in a <see cref="LevelTable"/>; a struct, so that reading it needs no check of the array's element type.</summary>
internal struct LevelSlot
{
    /// <summary>A field, because readers need it by reference.</summary>
    public LevelNode? Node;
}
