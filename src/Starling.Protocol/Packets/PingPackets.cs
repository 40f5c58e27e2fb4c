namespace Starling.Protocol.Packets;

/// <summary>PINGREQ and PINGRESP: a type and nothing else, the same in all versions.</summary>
public static class PingPackets
{
    /// <summary>A whole PINGREQ.</summary>
    public static ReadOnlySpan<byte> Request => [0xC0, 0x00];

    /// <summary>A whole PINGRESP.</summary>
    public static ReadOnlySpan<byte> Response => [0xD0, 0x00];

    /// <summary>Checks that a PINGREQ or PINGRESP has no flags and no body [U5-04].</summary>
    public static bool TryRead(scoped in PacketFrame frame, MqttVersion version, out ProtocolViolation violation)
    {
        if (!FixedHeader.IsValid(frame, version, out violation))
        {
            return false;
        }

        if (!frame.Body.IsEmpty)
        {
            violation = new(ReasonCode.MalformedPacket, version == MqttVersion.V5 ? "U5-04" : "MQTT311-4.8.0-1");
        }

        return violation.IsNone;
    }
}
