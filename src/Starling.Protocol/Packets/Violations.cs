namespace Starling.Protocol.Packets;

/// <summary>Faults that many packets share.</summary>
internal static class Violations
{
    /// <summary>A field runs over the end of the packet, or bytes are left behind the last one.</summary>
    public static ProtocolViolation BadLength(MqttVersion version) =>
        new(ReasonCode.MalformedPacket, version == MqttVersion.V5 ? "U5-05" : "MQTT311-4.8.0-1");

    public static ProtocolViolation BadText(ReadOnlySpan<byte> text, MqttVersion version)
    {
        bool hasNull = text.Contains((byte)0);
        return new(
            ReasonCode.MalformedPacket,
            version == MqttVersion.V5
                ? hasNull ? "MQTT-1.5.4-2" : "MQTT-1.5.4-1"
                : hasNull ? "MQTT311-1.5.3-2" : "MQTT311-1.5.3-1");
    }
}
