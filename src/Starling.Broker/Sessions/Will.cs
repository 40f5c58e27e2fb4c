using Starling.Protocol;

namespace Starling.Broker.Sessions;

/// <summary>The message that a client left for the case that its connection ends without its DISCONNECT.</summary>
internal sealed class Will
{
    public required byte[] Topic { get; init; }

    public required byte[] Payload { get; init; }

    /// <summary>The properties that go out with the will [U5-17].</summary>
    public required byte[] Properties { get; init; }

    public QualityOfService Qos { get; init; }

    public bool Retain { get; init; }

    public uint DelayIntervalSeconds { get; init; }

    /// <summary>Counted from the moment of publication; null: never expires.</summary>
    public uint? MessageExpiryIntervalSeconds { get; init; }
}
