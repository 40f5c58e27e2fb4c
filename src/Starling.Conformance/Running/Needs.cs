namespace Starling.Conformance.Running;

/// <summary>What a case asks of a server that the specification lets it do without; without it the case is not tested.</summary>
[Flags]
internal enum Needs
{
    None = 0,

    /// <summary>Maximum QoS 1 at least.</summary>
    Qos1 = 1,

    /// <summary>Maximum QoS 2.</summary>
    Qos2 = 2,

    /// <summary>Retain Available.</summary>
    Retain = 4,

    /// <summary>Wildcard Subscription Available.</summary>
    Wildcards = 8,

    /// <summary>Shared Subscription Available.</summary>
    Shared = 16,

    /// <summary>Subscription Identifiers Available.</summary>
    SubscriptionIdentifiers = 32,

    /// <summary>A Topic Alias Maximum above 0.</summary>
    TopicAlias = 64,
}
