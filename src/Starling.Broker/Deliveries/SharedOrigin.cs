using Starling.Broker.Routing;

namespace Starling.Broker.Deliveries;

/// <summary>The shared group a message came through, and the members that have had their turn. Each is tried once.</summary>
internal sealed class SharedOrigin(SharedGroup group, params ReadOnlySpan<ulong> tried)
{
    public SharedGroup Group { get; } = group;

    /// <summary>The numbers of their sessions.</summary>
    public List<ulong> Tried { get; } = [.. tried];
}
