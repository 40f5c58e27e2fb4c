using Starling.Protocol;

namespace Starling.Broker.Ports;

/// <summary>A message read back. Immutable; its memory belongs to whoever got it.</summary>
public sealed record RecoveredMessage
{
    /// <summary>The delivery it was read for; 0 for a retained message.</summary>
    public ulong Sequence { get; init; }

    /// <summary>The Topic Name in UTF-8.</summary>
    public required ReadOnlyMemory<byte> Topic { get; init; }

    /// <summary>The properties that are forwarded, in the wire form of 5.0.</summary>
    public required ReadOnlyMemory<byte> Properties { get; init; }

    /// <summary>The payload.</summary>
    public required ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>The QoS it was published with.</summary>
    public QualityOfService Qos { get; init; }

    /// <summary>RETAIN as it was published.</summary>
    public bool Retain { get; init; }

    /// <summary>When it expires, in milliseconds since 1970 UTC; <see cref="long.MaxValue"/>: never.</summary>
    public long ExpiresAtUtcMilliseconds { get; init; } = long.MaxValue;

    /// <summary>The number of the publishing session; 0: none.</summary>
    public ulong Publisher { get; init; }
}
