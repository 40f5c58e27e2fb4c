namespace Starling.Protocol.Packets;

/// <summary>UNSUBACK.</summary>
public ref struct UnsubAckPacket : IPacketBody
{
    /// <summary>The Packet Identifier of the UNSUBSCRIBE.</summary>
    public ushort PacketIdentifier { get; set; }

    /// <summary>5.0: one code per filter, in the order of the filters. 3.x has none.</summary>
    public ReadOnlySpan<byte> ReasonCodes { get; set; }

    /// <summary>For people; empty when absent.</summary>
    public ReadOnlySpan<byte> ReasonString { get; set; }

    /// <summary>In wire form, for <see cref="UserPropertyReader"/>; other properties may stand between them.</summary>
    public ReadOnlySpan<byte> UserProperties { get; set; }

    /// <summary>Reads the packet; its spans point into the frame.</summary>
    public static bool TryRead(scoped in PacketFrame frame, MqttVersion version, out UnsubAckPacket packet, out ProtocolViolation violation)
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
        PacketWriting.Write(this, PacketType.UnsubAck, destination, version);

    readonly void IPacketBody.WriteBody(ref FieldWriter writer, MqttVersion version)
    {
        writer.WriteUInt16(PacketIdentifier);
        PacketWriting.WritePropertyBlock(this, ref writer, version);
        if (version == MqttVersion.V5)
        {
            writer.WriteRaw(ReasonCodes);
        }
    }

    readonly void IPacketBody.WriteProperties(ref FieldWriter writer)
    {
        writer.WriteProperty(PropertyId.ReasonString, ReasonString);
        writer.WriteRaw(UserProperties);
    }

    private static bool TryReadFields(scoped ref FieldReader fields, out UnsubAckPacket packet)
    {
        packet = default;
        if (!fields.TryReadPacketIdentifier(out ushort packetIdentifier, "MQTT-2.2.1-6", "MQTT311-2.3.1-7")
            || !fields.TryReadProperties(PropertyTable.Acknowledgement, out PropertyValues properties))
        {
            return false;
        }

        packet.PacketIdentifier = packetIdentifier;
        if (fields.Version != MqttVersion.V5)
        {
            return fields.IsAtEnd();
        }

        packet.ReasonString = properties.Value(PropertyId.ReasonString);
        packet.UserProperties = properties.UserProperties;
        packet.ReasonCodes = fields.Rest;

        // One code per filter [MQTT-3.11.3-1], each from the list of this packet [MQTT-3.11.3-2].
        if (packet.ReasonCodes.IsEmpty)
        {
            return fields.Fail(ReasonCode.ProtocolError, "MQTT-3.11.3-1");
        }

        return ReasonCodeTable.AreAllowed(PacketType.UnsubAck, packet.ReasonCodes)
            || fields.Fail(ReasonCode.ProtocolError, "MQTT-3.11.3-2");
    }
}
