using Starling.Protocol;

namespace Starling.Broker.Ports;

/// <summary>The Will of a session as it was stored.</summary>
public sealed record RecoveredWill
{
    /// <summary>The topic in UTF-8.</summary>
    public required byte[] Topic { get; init; }

    /// <summary>The payload.</summary>
    public required byte[] Payload { get; init; }

    /// <summary>The properties that are forwarded, in the wire form of 5.0.</summary>
    public required byte[] Properties { get; init; }

    /// <summary>The QoS.</summary>
    public QualityOfService Qos { get; init; }

    /// <summary>Whether it is retained when it is published.</summary>
    public bool Retain { get; init; }

    /// <summary>The Will Delay Interval.</summary>
    public uint DelaySeconds { get; init; }

    /// <summary>The Message Expiry Interval, which counts from its publication; null: never.</summary>
    public uint? MessageExpirySeconds { get; init; }
}
