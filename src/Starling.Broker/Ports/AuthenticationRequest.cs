using System.Net;
using Starling.Protocol;

namespace Starling.Broker.Ports;

/// <summary>What is known of a client that wants to connect. Immutable; may be kept.</summary>
public sealed record AuthenticationRequest
{
    /// <summary>The Client Identifier, given or assigned.</summary>
    public required string ClientIdentifier { get; init; }

    /// <summary>The user name; null when CONNECT has none.</summary>
    public string? UserName { get; init; }

    /// <summary>The password; null when CONNECT has none. Any bytes.</summary>
    public ReadOnlyMemory<byte>? Password { get; init; }

    /// <summary>The peer's address; null where the transport has none.</summary>
    public EndPoint? RemoteEndPoint { get; init; }

    /// <summary>The listener that accepted the connection.</summary>
    public string ListenerName { get; init; } = "";

    /// <summary>The version of the protocol.</summary>
    public MqttVersion Version { get; init; }

    /// <summary>The Authentication Method of enhanced authentication; null for plain.</summary>
    public string? AuthenticationMethod { get; init; }

    /// <summary>Says who asks, and no secrets.</summary>
    public override string ToString() => $"{ClientIdentifier} ({UserName ?? "anonymous"}) at {RemoteEndPoint}";
}
