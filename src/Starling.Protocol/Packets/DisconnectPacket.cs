namespace Starling.Protocol.Packets;

/// <summary>DISCONNECT. In 3.x it is empty, and only a client sends it.</summary>
public ref struct DisconnectPacket : IPacketBody
{
    /// <summary>Success in 3.x.</summary>
    public ReasonCode Reason { get; set; }

    /// <summary>Seconds; null when absent. From a client only.</summary>
    public uint? SessionExpiryIntervalSeconds { get; set; }

    /// <summary>For people; empty when absent.</summary>
    public ReadOnlySpan<byte> ReasonString { get; set; }

    /// <summary>Another server to use; empty when absent. From a server only.</summary>
    public ReadOnlySpan<byte> ServerReference { get; set; }

    /// <summary>In wire form, for <see cref="UserPropertyReader"/>; other properties may stand between them.</summary>
    public ReadOnlySpan<byte> UserProperties { get; set; }

    /// <summary>Reads the packet; its spans point into the frame. What only one of the sides may send is not checked.</summary>
    public static bool TryRead(
        scoped in PacketFrame frame, MqttVersion version, out DisconnectPacket packet, out ProtocolViolation violation)
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

    /// <summary>Writes the whole packet, in the shortest form that says all, and returns its length.</summary>
    public readonly int Write(Span<byte> destination, MqttVersion version) =>
        PacketWriting.Write(this, PacketType.Disconnect, destination, version);

    readonly void IPacketBody.WriteBody(ref FieldWriter writer, MqttVersion version)
    {
        bool hasProperties = PacketWriting.GetPropertyByteCount(this) != 0;
        if (version != MqttVersion.V5 || (Reason == ReasonCode.Success && !hasProperties))
        {
            return;
        }

        writer.WriteByte((byte)Reason);
        if (hasProperties)
        {
            PacketWriting.WritePropertyBlock(this, ref writer, version);
        }
    }

    readonly void IPacketBody.WriteProperties(ref FieldWriter writer)
    {
        writer.WriteProperty(PropertyId.SessionExpiryInterval, SessionExpiryIntervalSeconds);
        writer.WriteProperty(PropertyId.ReasonString, ReasonString);
        writer.WriteProperty(PropertyId.ServerReference, ServerReference);
        writer.WriteRaw(UserProperties);
    }

    private static bool TryReadFields(scoped ref FieldReader fields, out DisconnectPacket packet)
    {
        packet = default;
        if (fields.Version != MqttVersion.V5 || fields.Rest.IsEmpty)
        {
            return fields.IsAtEnd();
        }

        fields.TryReadByte(out byte reason);
        packet.Reason = (ReasonCode)reason;
        if (!ReasonCodeTable.IsAllowed(PacketType.Disconnect, packet.Reason))
        {
            return fields.Fail(ReasonCode.ProtocolError, "MQTT-3.14.2-1");
        }

        // Without properties the code may be the last byte [U5-39].
        if (fields.Rest.IsEmpty)
        {
            return true;
        }

        if (!fields.TryReadProperties(PropertyTable.Disconnect, out PropertyValues properties))
        {
            return false;
        }

        packet.SessionExpiryIntervalSeconds = properties.Number(PropertyId.SessionExpiryInterval);
        packet.ReasonString = properties.Value(PropertyId.ReasonString);
        packet.ServerReference = properties.Value(PropertyId.ServerReference);
        packet.UserProperties = properties.UserProperties;
        return fields.IsAtEnd();
    }
}
