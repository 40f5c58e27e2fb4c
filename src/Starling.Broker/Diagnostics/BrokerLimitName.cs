using Starling.Protocol;

namespace Starling.Broker.Diagnostics;

/// <summary>The names of the limits in $SYS topics, and which limit a reason code speaks of.</summary>
internal static class BrokerLimitName
{
    /// <summary>How many limits there are.</summary>
    public const int Count = (int)BrokerLimit.SharedAvailable + 1;

    public static string Of(BrokerLimit limit) => limit switch
    {
        BrokerLimit.PacketBytesMax => "packet-bytes-max",
        BrokerLimit.ReceiveMaximum => "receive-maximum",
        BrokerLimit.TopicAliasMaximum => "topic-alias-maximum",
        BrokerLimit.TopicLevelsMax => "topic-levels-max",
        BrokerLimit.SubscriptionsPerSessionMax => "subscriptions-per-session-max",
        BrokerLimit.ConnectTimeout => "connect-timeout",
        BrokerLimit.ConnectionsMax => "connections-max",
        BrokerLimit.SessionsMax => "sessions-max",
        BrokerLimit.MemoryBudget => "memory-budget",
        BrokerLimit.MaximumQos => "maximum-qos",
        BrokerLimit.RetainAvailable => "retain-available",
        BrokerLimit.WildcardsAvailable => "wildcards-available",
        BrokerLimit.SharedAvailable => "shared-available",
        _ => throw new ArgumentOutOfRangeException(nameof(limit)),
    };

    /// <summary>The limit that a client crosses when it is answered with this code; null: the code speaks of no limit.</summary>
    public static BrokerLimit? CrossedBy(ReasonCode reason) => reason switch
    {
        ReasonCode.PacketTooLarge => BrokerLimit.PacketBytesMax,
        ReasonCode.ReceiveMaximumExceeded => BrokerLimit.ReceiveMaximum,
        ReasonCode.TopicAliasInvalid => BrokerLimit.TopicAliasMaximum,
        ReasonCode.QoSNotSupported => BrokerLimit.MaximumQos,
        ReasonCode.RetainNotSupported => BrokerLimit.RetainAvailable,
        ReasonCode.WildcardSubscriptionsNotSupported => BrokerLimit.WildcardsAvailable,
        ReasonCode.SharedSubscriptionsNotSupported => BrokerLimit.SharedAvailable,
        _ => null,
    };
}
