namespace Starling.Protocol.Connections;

/// <summary>What the client role says in CONNECT, and its own limits. Text is UTF-8 without length prefix. Immutable.</summary>
public sealed record ClientConnectionSettings
{
    /// <summary>The version to speak.</summary>
    public MqttVersion Version { get; init; } = MqttVersion.V5;

    /// <summary>The Client Identifier; empty asks the server for one (5.0), or for a session without a name (3.1.1).</summary>
    public ReadOnlyMemory<byte> ClientIdentifier { get; init; }

    /// <summary>Clean Start (5.0), Clean Session (3.x).</summary>
    public bool CleanStart { get; init; } = true;

    /// <summary>Keep Alive in seconds; 0 switches it off. A Server Keep Alive replaces it [MQTT-3.1.2-21].</summary>
    public ushort KeepAliveSeconds { get; init; } = 60;

    /// <summary>Session Expiry Interval in seconds, 5.0 only; <see cref="uint.MaxValue"/> for never.</summary>
    public uint SessionExpiryIntervalSeconds { get; init; }

    /// <summary>
    /// The most QoS 1 and QoS 2 messages of the server open at a time, from 1. Announced in 5.0; in 3.x, which has no such limit, the
    /// connection is not read while so many are unacknowledged.
    /// </summary>
    public ushort ReceiveMaximum { get; init; } = 256;

    /// <summary>
    /// Whether a server that sends more than Receive Maximum is slowed down, by not being read, instead of disconnected with 0x93 [U5-26].
    /// 5.0 only.
    /// </summary>
    public bool ToleratesReceiveExcess { get; init; }

    /// <summary>The most QoS 1 and QoS 2 messages open towards the server, from 1; a Receive Maximum of the server lowers it.</summary>
    public ushort SendWindowMessages { get; init; } = 1024;

    /// <summary>The largest packet taken from the server, in bytes; announced in 5.0.</summary>
    public int MaximumPacketBytes { get; init; } = 2 << 20;

    /// <summary>The most Topic Aliases the server may use; 0 for none. 5.0 only.</summary>
    public ushort TopicAliasMaximum { get; init; } = 64;

    /// <summary>Whether Topic Aliases stand for topics that are sent again and again, as far as the server takes them. 5.0 only.</summary>
    public bool UsesTopicAliases { get; init; }

    /// <summary>Asks for Response Information in CONNACK. 5.0 only.</summary>
    public bool RequestResponseInformation { get; init; }

    /// <summary>Asks for Reason Strings and User Properties in all packets. 5.0 only.</summary>
    public bool RequestProblemInformation { get; init; } = true;

    /// <summary>The Will Message; null for none.</summary>
    public ClientWill? Will { get; init; }

    /// <summary>The User Name; null for none.</summary>
    public ReadOnlyMemory<byte>? UserName { get; init; }

    /// <summary>The Password; null for none.</summary>
    public ReadOnlyMemory<byte>? Password { get; init; }

    /// <summary>The Authentication Method of enhanced authentication; null for none. 5.0 only.</summary>
    public ReadOnlyMemory<byte>? AuthenticationMethod { get; init; }

    /// <summary>The Authentication Data that goes with CONNECT; null for none.</summary>
    public ReadOnlyMemory<byte>? AuthenticationData { get; init; }

    /// <summary>User Properties of CONNECT, in wire form. 5.0 only.</summary>
    public ReadOnlyMemory<byte> UserProperties { get; init; }
}
