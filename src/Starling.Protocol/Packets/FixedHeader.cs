namespace Starling.Protocol.Packets;

/// <summary>The checks of the first bytes that all packets but PUBLISH and CONNECT share.</summary>
internal static class FixedHeader
{
    private const int FlagDuplicate = 0b1000;

    /// <summary>The first byte of a packet other than PUBLISH [MQTT-2.1.3-1] [MQTT311-2.2.2-1].</summary>
    public static byte FirstByte(PacketType type) => (byte)(((int)type << 4) | ReservedFlags(type));

    public static bool IsValid(scoped in PacketFrame frame, MqttVersion version, out ProtocolViolation violation)
    {
        if (frame.FirstByte == FirstByte(frame.Type) && (version != MqttVersion.V5 || frame.IsShortestLength))
        {
            violation = default;
            return true;
        }

        return IsTolerated(frame, version, out violation);
    }

    private static int ReservedFlags(PacketType type) =>
        type is PacketType.PubRel or PacketType.Subscribe or PacketType.Unsubscribe ? 0b0010 : 0;

    private static bool IsTolerated(scoped in PacketFrame frame, MqttVersion version, out ProtocolViolation violation)
    {
        violation = default;
        int wrongFlags = frame.Flags ^ ReservedFlags(frame.Type);
        if (wrongFlags == 0)
        {
            // A padded length is a fault of 5.0 only [MQTT-1.5.5-1].
            violation = new(ReasonCode.MalformedPacket, "MQTT-1.5.5-1");
            return false;
        }

        // In 3.1 these packets are themselves sent with QoS 1, so they may be marked as repeated [MQTT31-2].
        if (version == MqttVersion.V31 && wrongFlags == FlagDuplicate && ReservedFlags(frame.Type) != 0)
        {
            return true;
        }

        violation = new(ReasonCode.MalformedPacket, FlagsStatement(frame.Type, version));
        return false;
    }

    private static string FlagsStatement(PacketType type, MqttVersion version) => (type, version == MqttVersion.V5) switch
    {
        (PacketType.PubRel, true) => "MQTT-3.6.1-1",
        (PacketType.PubRel, false) => "MQTT311-3.6.1-1",
        (PacketType.Subscribe, true) => "MQTT-3.8.1-1",
        (PacketType.Subscribe, false) => "MQTT311-3.8.1-1",
        (PacketType.Unsubscribe, true) => "MQTT-3.10.1-1",
        (PacketType.Unsubscribe, false) => "MQTT311-3.10.1-1",
        (PacketType.Disconnect, true) => "MQTT-3.14.1-1",
        (PacketType.Disconnect, false) => "MQTT311-3.14.1-1",
        (PacketType.Auth, true) => "MQTT-3.15.1-1",
        (_, true) => "MQTT-2.1.3-1",
        (_, false) => "MQTT311-2.2.2-2",
    };
}
