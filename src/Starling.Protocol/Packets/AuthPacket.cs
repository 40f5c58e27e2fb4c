namespace Starling.Protocol.Packets;

/// <summary>AUTH, of 5.0 only.</summary>
public ref struct AuthPacket : IPacketBody
{
    /// <summary>Success, Continue authentication or Re-authenticate.</summary>
    public ReasonCode Reason { get; set; }

    /// <summary>Whether there is an Authentication Method; the connection demands that it is the one of CONNECT.</summary>
    public bool HasAuthenticationMethod { get; set; }

    /// <summary>The name of the method.</summary>
    public ReadOnlySpan<byte> AuthenticationMethod { get; set; }

    /// <summary>Whether there is Authentication Data, which may be empty.</summary>
    public bool HasAuthenticationData { get; set; }

    /// <summary>The data of the method.</summary>
    public ReadOnlySpan<byte> AuthenticationData { get; set; }

    /// <summary>For people; empty when absent.</summary>
    public ReadOnlySpan<byte> ReasonString { get; set; }

    /// <summary>In wire form, for <see cref="UserPropertyReader"/>; other properties may stand between them.</summary>
    public ReadOnlySpan<byte> UserProperties { get; set; }

    /// <summary>Reads the packet; its spans point into the frame.</summary>
    public static bool TryRead(scoped in PacketFrame frame, MqttVersion version, out AuthPacket packet, out ProtocolViolation violation)
    {
        packet = default;
        if (version != MqttVersion.V5)
        {
            // Type 15 is reserved before 5.0 [U5-01].
            violation = new(ReasonCode.MalformedPacket, "U5-01");
            return false;
        }

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
        PacketWriting.Write(this, PacketType.Auth, destination, version);

    readonly void IPacketBody.WriteBody(ref FieldWriter writer, MqttVersion version)
    {
        if (Reason == ReasonCode.Success && PacketWriting.GetPropertyByteCount(this) == 0)
        {
            return;
        }

        writer.WriteByte((byte)Reason);
        PacketWriting.WritePropertyBlock(this, ref writer, version);
    }

    readonly void IPacketBody.WriteProperties(ref FieldWriter writer)
    {
        writer.WriteProperty(PropertyId.AuthenticationMethod, AuthenticationMethod, HasAuthenticationMethod);
        writer.WriteProperty(PropertyId.AuthenticationData, AuthenticationData, HasAuthenticationData);
        writer.WriteProperty(PropertyId.ReasonString, ReasonString);
        writer.WriteRaw(UserProperties);
    }

    private static bool TryReadFields(scoped ref FieldReader fields, out AuthPacket packet)
    {
        packet = default;
        // Nothing at all means success without properties [U5-39].
        if (fields.Rest.IsEmpty)
        {
            return true;
        }

        fields.TryReadByte(out byte reason);
        packet.Reason = (ReasonCode)reason;
        if (!ReasonCodeTable.IsAllowed(PacketType.Auth, packet.Reason))
        {
            return fields.Fail(ReasonCode.ProtocolError, "MQTT-3.15.2-1");
        }

        if (!fields.TryReadProperties(PropertyTable.Auth, out PropertyValues properties))
        {
            return false;
        }

        packet.HasAuthenticationMethod = properties.Has(PropertyId.AuthenticationMethod);
        packet.AuthenticationMethod = properties.Value(PropertyId.AuthenticationMethod);
        packet.HasAuthenticationData = properties.Has(PropertyId.AuthenticationData);
        packet.AuthenticationData = properties.Value(PropertyId.AuthenticationData);
        packet.ReasonString = properties.Value(PropertyId.ReasonString);
        packet.UserProperties = properties.UserProperties;
        return fields.IsAtEnd();
    }
}
