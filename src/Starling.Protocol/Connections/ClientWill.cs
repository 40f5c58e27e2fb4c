namespace Starling.Protocol.Connections;

/// <summary>The Will Message of a client. Immutable.</summary>
public sealed record ClientWill
{
    /// <summary>The Will Topic as UTF-8; no wildcards.</summary>
    public required ReadOnlyMemory<byte> Topic { get; init; }

    /// <summary>The Will Payload, at most 65535 bytes.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>The Will QoS.</summary>
    public QualityOfService Qos { get; init; }

    /// <summary>Will Retain.</summary>
    public bool Retain { get; init; }

    /// <summary>The Will Properties in wire form, Will Delay Interval and Message Expiry Interval included. 5.0 only.</summary>
    public ReadOnlyMemory<byte> Properties { get; init; }
}
