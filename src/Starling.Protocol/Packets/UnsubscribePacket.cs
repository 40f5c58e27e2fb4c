namespace Starling.Protocol.Packets;

/// <summary>UNSUBSCRIBE.</summary>
public ref struct UnsubscribePacket : IPacketBody
{
    /// <summary>1 to 65535; UNSUBACK repeats it.</summary>
    public ushort PacketIdentifier { get; set; }

    /// <summary>In wire form, for <see cref="UserPropertyReader"/>.</summary>
    public ReadOnlySpan<byte> UserProperties { get; set; }

    /// <summary>The filters in wire form, as <see cref="UnsubscribeFilterWriter"/> writes them.</summary>
    public ReadOnlySpan<byte> FiltersBytes { get; set; }

    /// <summary>How many filters a received packet has.</summary>
    public int FilterCount { get; private set; }

    /// <summary>The filters of a received packet, in order.</summary>
    public readonly UnsubscribeFilters Filters => new(FiltersBytes);

    /// <summary>Reads the packet; its spans point into the frame.</summary>
    public static bool TryRead(
        scoped in PacketFrame frame, MqttVersion version, out UnsubscribePacket packet, out ProtocolViolation violation)
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
        PacketWriting.Write(this, PacketType.Unsubscribe, destination, version);

    readonly void IPacketBody.WriteBody(ref FieldWriter writer, MqttVersion version)
    {
        writer.WriteUInt16(PacketIdentifier);
        PacketWriting.WritePropertyBlock(this, ref writer, version);
        writer.WriteRaw(FiltersBytes);
    }

    readonly void IPacketBody.WriteProperties(ref FieldWriter writer) => writer.WriteRaw(UserProperties);

    private static bool TryReadFields(scoped ref FieldReader fields, out UnsubscribePacket packet)
    {
        packet = default;
        if (!fields.TryReadPacketIdentifier(out ushort packetIdentifier, "MQTT-2.2.1-3", "MQTT311-2.3.1-1")
            || !fields.TryReadProperties(PropertyTable.Unsubscribe, out PropertyValues properties))
        {
            return false;
        }

        packet.PacketIdentifier = packetIdentifier;
        packet.UserProperties = properties.UserProperties;
        packet.FiltersBytes = fields.Rest;
        while (!fields.Rest.IsEmpty)
        {
            if (!fields.TryReadText(out _))
            {
                return false;
            }

            packet.FilterCount++;
        }

        // At least one filter [MQTT-3.10.3-2] [MQTT311-3.10.3-2].
        return packet.FilterCount != 0
            || fields.Fail(ReasonCode.ProtocolError, fields.Version == MqttVersion.V5 ? "MQTT-3.10.3-2" : "MQTT311-3.10.3-2");
    }
}
