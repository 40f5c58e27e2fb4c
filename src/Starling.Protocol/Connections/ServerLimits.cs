using Starling.Protocol.Packets;

namespace Starling.Protocol.Connections;

/// <summary>What the server said in CONNACK, with the defaults of the specification for what it left out.</summary>
public readonly record struct ServerLimits
{
    /// <summary>The version of the connection.</summary>
    public MqttVersion Version { get; init; }

    /// <summary>The most QoS 1 and QoS 2 messages the server takes at a time.</summary>
    public ushort ReceiveMaximum { get; init; }

    /// <summary>The largest packet the server takes, in bytes.</summary>
    public uint MaximumPacketBytes { get; init; }

    /// <summary>The highest QoS the server takes.</summary>
    public QualityOfService MaximumQos { get; init; }

    /// <summary>Whether the server takes messages with RETAIN 1.</summary>
    public bool RetainAvailable { get; init; }

    /// <summary>The most Topic Aliases the server takes.</summary>
    public ushort TopicAliasMaximum { get; init; }

    /// <summary>Whether filters may hold wildcards.</summary>
    public bool WildcardSubscriptionAvailable { get; init; }

    /// <summary>Whether SUBSCRIBE may carry a Subscription Identifier; false for 3.x.</summary>
    public bool SubscriptionIdentifiersAvailable { get; init; }

    /// <summary>Whether filters may be shared ones; false for 3.x, which does not know them.</summary>
    public bool SharedSubscriptionAvailable { get; init; }

    /// <summary>The Keep Alive in force, in seconds; 0 for none.</summary>
    public ushort KeepAliveSeconds { get; init; }

    /// <summary>The Session Expiry Interval in force, in seconds; 0 for 3.x.</summary>
    public uint SessionExpiryIntervalSeconds { get; init; }

    /// <summary>
    /// Whether the server may be sent this PUBLISH: <see cref="ReasonCode.Success"/>, or the code the server would have answered with.
    /// </summary>
    public ReasonCode Check(QualityOfService qos, bool retain, int packetBytes)
    {
        // Higher than Maximum QoS is never sent [MQTT-3.2.2-11].
        if (qos > MaximumQos)
        {
            return ReasonCode.QoSNotSupported;
        }

        // No RETAIN 1 to a server that has no retained messages [MQTT-3.2.2-14].
        if (retain && !RetainAvailable)
        {
            return ReasonCode.RetainNotSupported;
        }

        // Nothing larger than the server's Maximum Packet Size [MQTT-3.2.2-15].
        return (uint)packetBytes > MaximumPacketBytes ? ReasonCode.PacketTooLarge : ReasonCode.Success;
    }

    internal static ServerLimits From(scoped in ConnAckPacket packet, ClientConnectionSettings settings)
    {
        bool isV5 = settings.Version == MqttVersion.V5;
        return new ServerLimits
        {
            Version = settings.Version,
            ReceiveMaximum = packet.ReceiveMaximum ?? ushort.MaxValue,
            MaximumPacketBytes = packet.MaximumPacketBytes ?? uint.MaxValue,
            MaximumQos = packet.MaximumQos ?? QualityOfService.ExactlyOnce,
            RetainAvailable = packet.RetainAvailable ?? true,
            TopicAliasMaximum = packet.TopicAliasMaximum ?? 0,
            WildcardSubscriptionAvailable = packet.WildcardSubscriptionAvailable ?? true,
            SubscriptionIdentifiersAvailable = packet.SubscriptionIdentifiersAvailable ?? isV5,
            SharedSubscriptionAvailable = packet.SharedSubscriptionAvailable ?? isV5,

            // The server's Keep Alive replaces the client's [MQTT-3.1.2-21] [MQTT-3.2.2-21].
            KeepAliveSeconds = packet.ServerKeepAliveSeconds ?? settings.KeepAliveSeconds,
            SessionExpiryIntervalSeconds = isV5 ? packet.SessionExpiryIntervalSeconds ?? settings.SessionExpiryIntervalSeconds : 0,
        };
    }
}
