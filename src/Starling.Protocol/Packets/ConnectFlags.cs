namespace Starling.Protocol.Packets;

/// <summary>The Connect Flags byte, and the bit that bridges add to the level byte in front of it.</summary>
internal static class ConnectFlags
{
    public const int Reserved = 0b0000_0001;
    public const int CleanStart = 0b0000_0010;
    public const int Will = 0b0000_0100;
    public const int WillQosShift = 3;
    public const int WillQos = 0b11 << WillQosShift;
    public const int WillRetain = 0b0010_0000;
    public const int Password = 0b0100_0000;
    public const int UserName = 0b1000_0000;
    public const int BridgeLevel = 0b1000_0000;

    public static byte Of(scoped in ConnectPacket packet)
    {
        int flags = packet.CleanStart ? CleanStart : 0;
        if (packet.HasWill)
        {
            flags |= Will | ((int)packet.WillQos << WillQosShift) | (packet.WillRetain ? WillRetain : 0);
        }

        return (byte)(flags | (packet.HasUserName ? UserName : 0) | (packet.HasPassword ? Password : 0));
    }

    /// <summary>The fault in the flags; none when they may stand together.</summary>
    public static ProtocolViolation Check(int flags, MqttVersion version)
    {
        bool isV5 = version == MqttVersion.V5;

        // Both bits are no QoS [MQTT-3.1.2-12] [MQTT311-3.1.2-14].
        if ((flags & WillQos) == WillQos)
        {
            return Malformed(isV5 ? "MQTT-3.1.2-12" : "MQTT311-3.1.2-14");
        }

        // 3.1 lets the reserved bit, and the Will bits without a Will, be anything; the rest is the same.
        if (version != MqttVersion.V31)
        {
            if ((flags & Reserved) != 0)
            {
                return Malformed(isV5 ? "MQTT-3.1.2-3" : "MQTT311-3.1.2-3");
            }

            if ((flags & Will) == 0 && (flags & WillQos) != 0)
            {
                return Malformed(isV5 ? "MQTT-3.1.2-11" : "MQTT311-3.1.2-13");
            }

            if ((flags & Will) == 0 && (flags & WillRetain) != 0)
            {
                return Malformed(isV5 ? "MQTT-3.1.2-13" : "MQTT311-3.1.2-15");
            }
        }

        // A password alone is new in 5.0 [MQTT311-3.1.2-22].
        return !isV5 && (flags & (UserName | Password)) == Password ? Malformed("MQTT311-3.1.2-22") : default;
    }

    private static ProtocolViolation Malformed(string statement) => new(ReasonCode.MalformedPacket, statement);
}
