using Starling.Protocol;

namespace Starling.Storage.State;

/// <summary>The Will of a session. Immutable.</summary>
internal sealed record StoredWill
{
    /// <summary>The epoch of the connection that set it.</summary>
    public required uint Epoch { get; init; }

    public required byte[] Topic { get; init; }

    public required byte[] Properties { get; init; }

    public required byte[] Payload { get; init; }

    public QualityOfService Qos { get; init; }

    public bool Retain { get; init; }

    public uint DelaySeconds { get; init; }

    public uint? MessageExpirySeconds { get; init; }
}
