namespace Starling.Protocol.Packets;

/// <summary>SUBACK.</summary>
public ref struct SubAckPacket : IPacketBody
{
    /// <summary>The Packet Identifier of the SUBSCRIBE.</summary>
    public ushort PacketIdentifier { get; set; }

    /// <summary>One code per filter, in the order of the filters. In 3.x every failure is written as 0x80.</summary>
    public ReadOnlySpan<byte> ReasonCodes { get; set; }

    /// <summary>For people; empty when absent.</summary>
    public ReadOnlySpan<byte> ReasonString { get; set; }

    /// <summary>In wire form, for <see cref="UserPropertyReader"/>; other properties may stand between them.</summary>
    public ReadOnlySpan<byte> UserProperties { get; set; }

    /// <summary>Reads the packet; its spans point into the frame.</summary>
    public static bool TryRead(scoped in PacketFrame frame, MqttVersion version, out SubAckPacket packet, out ProtocolViolation violation)
    {
        packet = default;
        if (!FixedHeader.IsValid(frame, version, out violation))
        {
            return false;
        }

        FieldReader fields = new(frame.Body, version);
        bool isRead = TryReadFields(ref fields, out packet);
        violation = fields.Violation;
        return isRead;
    }

    /// <summary>The bytes of the whole packet.</summary>
    public readonly int GetByteCount(MqttVersion version) => PacketWriting.GetByteCount(this, version);

    /// <summary>Writes the whole packet and returns its length.</summary>
    public readonly int Write(Span<byte> destination, MqttVersion version) =>
        PacketWriting.Write(this, PacketType.SubAck, destination, version);

    readonly void IPacketBody.WriteBody(ref FieldWriter writer, MqttVersion version)
    {
        writer.WriteUInt16(PacketIdentifier);
        PacketWriting.WritePropertyBlock(this, ref writer, version);
        if (version == MqttVersion.V5)
        {
            writer.WriteRaw(ReasonCodes);
            return;
        }

        foreach (byte reason in ReasonCodes)
        {
            writer.WriteByte(Math.Min(reason, (byte)ReasonCode.UnspecifiedError));
        }
    }

    readonly void IPacketBody.WriteProperties(ref FieldWriter writer)
    {
        writer.WriteProperty(PropertyId.ReasonString, ReasonString);
        writer.WriteRaw(UserProperties);
    }

    private static bool TryReadFields(scoped ref FieldReader fields, out SubAckPacket packet)
    {
        packet = default;
        if (!fields.TryReadPacketIdentifier(out ushort packetIdentifier, "MQTT-2.2.1-6", "MQTT311-2.3.1-7")
            || !fields.TryReadProperties(PropertyTable.Acknowledgement, out PropertyValues properties))
        {
            return false;
        }

        packet.PacketIdentifier = packetIdentifier;
        packet.ReasonString = properties.Value(PropertyId.ReasonString);
        packet.UserProperties = properties.UserProperties;
        packet.ReasonCodes = fields.Rest;

        // One code per filter, and no SUBSCRIBE was without a filter [MQTT-3.8.4-6] [MQTT311-3.8.4-5].
        bool isV5 = fields.Version == MqttVersion.V5;
        if (packet.ReasonCodes.IsEmpty)
        {
            return fields.Fail(ReasonCode.ProtocolError, isV5 ? "MQTT-3.8.4-6" : "MQTT311-3.8.4-5");
        }

        if (isV5)
        {
            return ReasonCodeTable.AreAllowed(PacketType.SubAck, packet.ReasonCodes)
                || fields.Fail(ReasonCode.ProtocolError, "MQTT-3.9.3-2");
        }

        ReadOnlySpan<byte> allowed = [0x00, 0x01, 0x02, 0x80];
        return !packet.ReasonCodes.ContainsAnyExcept(allowed) || fields.Fail(ReasonCode.ProtocolError, "MQTT311-3.9.3-2");
    }
}
