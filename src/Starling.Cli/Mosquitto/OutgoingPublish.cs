namespace Starling.Cli.Mosquitto;

/// <summary>A message on its way to the broker.</summary>
internal sealed record OutgoingPublish
{
    /// <summary>Counted for every message, also at QoS 0 where the packet has none.</summary>
    public required ushort PacketIdentifier { get; init; }

    public required string Topic { get; init; }

    public required ReadOnlyMemory<byte> Payload { get; init; }

    public required int Qos { get; init; }

    public required bool Retain { get; init; }

    public byte[] Properties { get; init; } = [];

    /// <summary>PUBREC came, so PUBREL is what is repeated.</summary>
    public bool IsReleased { get; set; }
}
