using Starling.Conformance.Wire;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Conformance.Running;

/// <summary>What a server says of itself in CONNACK of 5.0; servers of 3.x can say nothing and are taken to have everything.</summary>
internal sealed record ServerProfile
{
    public int MaximumQos { get; init; } = 2;

    public bool RetainAvailable { get; init; } = true;

    public bool WildcardsAvailable { get; init; } = true;

    public bool SharedAvailable { get; init; } = true;

    public bool SubscriptionIdentifiersAvailable { get; init; } = true;

    public int ReceiveMaximum { get; init; } = ushort.MaxValue;

    public int TopicAliasMaximum { get; init; }

    /// <summary>Null: the server names no limit.</summary>
    public long? MaximumPacketSize { get; init; }

    /// <summary>Seconds that the server sets whatever the client asks; null: it does not.</summary>
    public int? ServerKeepAlive { get; init; }

    public static ServerProfile Read(WirePacket connAck) => connAck.Version != MqttVersion.V5
        ? new ServerProfile()
        : new ServerProfile
        {
            MaximumQos = (int)(connAck.Number(PropertyId.MaximumQos) ?? 2),
            RetainAvailable = connAck.Number(PropertyId.RetainAvailable) != 0,
            WildcardsAvailable = connAck.Number(PropertyId.WildcardSubscriptionAvailable) != 0,
            SharedAvailable = connAck.Number(PropertyId.SharedSubscriptionAvailable) != 0,
            SubscriptionIdentifiersAvailable = connAck.Number(PropertyId.SubscriptionIdentifiersAvailable) != 0,
            ReceiveMaximum = (int)(connAck.Number(PropertyId.ReceiveMaximum) ?? ushort.MaxValue),
            TopicAliasMaximum = (int)(connAck.Number(PropertyId.TopicAliasMaximum) ?? 0),
            MaximumPacketSize = connAck.Number(PropertyId.MaximumPacketSize),
            ServerKeepAlive = (int?)connAck.Number(PropertyId.ServerKeepAlive),
        };

    /// <summary>What a case needs and this server lacks; null when it lacks nothing.</summary>
    public string? FindLack(Needs needs)
    {
        (Needs Need, bool IsThere, string Name)[] features =
        [
            (Needs.Qos1, MaximumQos >= 1, "QoS 1"),
            (Needs.Qos2, MaximumQos >= 2, "QoS 2"),
            (Needs.Retain, RetainAvailable, "retained messages"),
            (Needs.Wildcards, WildcardsAvailable, "wildcard subscriptions"),
            (Needs.Shared, SharedAvailable, "shared subscriptions"),
            (Needs.SubscriptionIdentifiers, SubscriptionIdentifiersAvailable, "subscription identifiers"),
            (Needs.TopicAlias, TopicAliasMaximum > 0, "topic aliases"),
        ];
        string[] lacks = [.. features.Where(feature => needs.HasFlag(feature.Need) && !feature.IsThere).Select(feature => feature.Name)];
        return lacks.Length == 0 ? null : $"the server announces that it has no {string.Join(" and no ", lacks)}";
    }
}
