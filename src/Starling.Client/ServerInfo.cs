using Starling.Protocol;

namespace Starling.Client;

/// <summary>What the server said in CONNACK, with the defaults of the specification for what it left out.</summary>
public sealed record ServerInfo
{
    /// <summary>The address that was connected to.</summary>
    public required Uri Address { get; init; }

    /// <summary>The version of the connection.</summary>
    public MqttVersion Version { get; init; }

    /// <summary>Whether the server continued a session.</summary>
    public bool SessionPresent { get; init; }

    /// <summary>The Client Identifier in force: the one assigned by the server, else the own one.</summary>
    public required string ClientId { get; init; }

    /// <summary>The most QoS 1 and QoS 2 messages that the server takes at a time.</summary>
    public ushort ReceiveMaximum { get; init; }

    /// <summary>The largest packet that the server takes, in bytes.</summary>
    public uint MaximumPacketSize { get; init; }

    /// <summary>The highest QoS that the server takes.</summary>
    public QualityOfService MaximumQos { get; init; }

    /// <summary>Whether the server has retained messages.</summary>
    public bool RetainAvailable { get; init; }

    /// <summary>Whether filters may have wildcards.</summary>
    public bool WildcardSubscriptionAvailable { get; init; }

    /// <summary>Whether subscriptions may have identifiers.</summary>
    public bool SubscriptionIdentifiersAvailable { get; init; }

    /// <summary>Whether subscriptions may be shared.</summary>
    public bool SharedSubscriptionAvailable { get; init; }

    /// <summary>The Keep Alive in force; zero for none.</summary>
    public TimeSpan KeepAlive { get; init; }

    /// <summary>The Session Expiry Interval in force; <see cref="TimeSpan.MaxValue"/> for never.</summary>
    public TimeSpan SessionExpiry { get; init; }

    /// <summary>The Response Information; null when absent.</summary>
    public string? ResponseInformation { get; init; }

    /// <summary>The Reason String; null when absent.</summary>
    public string? ReasonString { get; init; }

    /// <summary>The User Properties of CONNACK.</summary>
    public UserProperties UserProperties { get; init; } = [];
}
