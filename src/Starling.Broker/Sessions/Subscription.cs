using Starling.Broker.Routing;
using Starling.Protocol;

namespace Starling.Broker.Sessions;

/// <summary>One subscription of one session. Touched by its shard only.</summary>
internal sealed class Subscription
{
    public required Session Session { get; init; }

    /// <summary>The Topic Filter without $share/NAME/.</summary>
    public required byte[] Filter { get; init; }

    /// <summary>The ShareName of a shared subscription, else null.</summary>
    public byte[]? ShareName { get; init; }

    public QualityOfService MaximumQos { get; set; }

    public bool NoLocal { get; set; }

    public bool RetainAsPublished { get; set; }

    /// <summary>0: none.</summary>
    public uint SubscriptionIdentifier { get; set; }

    /// <summary>Its place in a shared group; null for an ordinary subscription.</summary>
    public SharedMember? Member { get; set; }

    /// <summary>Whether it was taken away; what is still under way for it stops.</summary>
    public bool IsEnded { get; set; }

    /// <summary>Whether its retained messages are still to be looked for, so that asking for them again changes nothing.</summary>
    public bool IsRetainedDue { get; set; }

    /// <summary>Where it hangs in the tree; set by the tree.</summary>
    public SubscriptionLeaf? Leaf { get; set; }

    /// <summary>Its place in the set of its leaf and shard; kept by the set.</summary>
    public int Slot { get; set; } = -1;

    /// <summary>Whether its leaf counts it as one of a persistent session; kept by the set.</summary>
    public bool IsPersistent { get; set; }
}
