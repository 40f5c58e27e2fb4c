namespace Starling.Protocol.Packets;

/// <summary>CONNACK. What 3.x does not have is null or empty there.</summary>
public ref struct ConnAckPacket : IPacketBody
{
    /// <summary>Whether the server goes on with a stored session; never told in 3.1 [MQTT31-4].</summary>
    public bool SessionPresent { get; set; }

    /// <summary>In 3.x the reason that the return code stands for.</summary>
    public ReasonCode Reason { get; set; }

    /// <summary>Seconds, uint.MaxValue for ever; null when the client's value holds.</summary>
    public uint? SessionExpiryIntervalSeconds { get; set; }

    /// <summary>How many QoS 1 and 2 messages the client may have open; null means 65535.</summary>
    public ushort? ReceiveMaximum { get; set; }

    /// <summary>QoS 0 or 1; null means 2.</summary>
    public QualityOfService? MaximumQos { get; set; }

    /// <summary>Null means true.</summary>
    public bool? RetainAvailable { get; set; }

    /// <summary>The longest packet that the server takes; null means no limit.</summary>
    public uint? MaximumPacketBytes { get; set; }

    /// <summary>The Client Identifier that the server chose; empty when the client's own holds.</summary>
    public ReadOnlySpan<byte> AssignedClientIdentifier { get; set; }

    /// <summary>The highest Topic Alias that the client may use; null means 0.</summary>
    public ushort? TopicAliasMaximum { get; set; }

    /// <summary>For people; empty when absent.</summary>
    public ReadOnlySpan<byte> ReasonString { get; set; }

    /// <summary>In wire form, for <see cref="UserPropertyReader"/>; other properties may stand between them.</summary>
    public ReadOnlySpan<byte> UserProperties { get; set; }

    /// <summary>Null means true.</summary>
    public bool? WildcardSubscriptionAvailable { get; set; }

    /// <summary>Null means true.</summary>
    public bool? SubscriptionIdentifiersAvailable { get; set; }

    /// <summary>Null means true.</summary>
    public bool? SharedSubscriptionAvailable { get; set; }

    /// <summary>The Keep Alive that the client must use; null when its own holds.</summary>
    public ushort? ServerKeepAliveSeconds { get; set; }

    /// <summary>Where the client may make Response Topics; empty when absent.</summary>
    public ReadOnlySpan<byte> ResponseInformation { get; set; }

    /// <summary>Another server to use; empty when absent.</summary>
    public ReadOnlySpan<byte> ServerReference { get; set; }

    /// <summary>Whether there is an Authentication Method.</summary>
    public bool HasAuthenticationMethod { get; set; }

    /// <summary>The name of the method.</summary>
    public ReadOnlySpan<byte> AuthenticationMethod { get; set; }

    /// <summary>Whether there is Authentication Data, which may be empty.</summary>
    public bool HasAuthenticationData { get; set; }

    /// <summary>The data of the method.</summary>
    public ReadOnlySpan<byte> AuthenticationData { get; set; }

    /// <summary>Reads the packet; its spans point into the frame.</summary>
    public static bool TryRead(scoped in PacketFrame frame, MqttVersion version, out ConnAckPacket packet, out ProtocolViolation violation)
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

    /// <summary>
    /// The bytes of the whole packet: 0 when 3.x has no return code for the reason, and the connection is closed without CONNACK
    /// [MQTT311-3.2.2-6].
    /// </summary>
    public readonly int GetByteCount(MqttVersion version) =>
        HasCode(version) ? PacketWriting.GetByteCount(this, version) : 0;

    /// <summary>Writes the whole packet and returns its length; nothing where <see cref="GetByteCount"/> is 0.</summary>
    public readonly int Write(Span<byte> destination, MqttVersion version) =>
        HasCode(version) ? PacketWriting.Write(this, PacketType.ConnAck, destination, version) : 0;

    readonly void IPacketBody.WriteBody(ref FieldWriter writer, MqttVersion version)
    {
        bool isV5 = version == MqttVersion.V5;
        ConnAckReturnCode.TryFromReason(Reason, out byte returnCode);
        writer.WriteByte(SessionPresent && version != MqttVersion.V31 ? (byte)1 : (byte)0);
        writer.WriteByte(isV5 ? (byte)Reason : returnCode);
        PacketWriting.WritePropertyBlock(this, ref writer, version);
    }

    readonly void IPacketBody.WriteProperties(ref FieldWriter writer)
    {
        writer.WriteProperty(PropertyId.SessionExpiryInterval, SessionExpiryIntervalSeconds);
        writer.WriteProperty(PropertyId.AssignedClientIdentifier, AssignedClientIdentifier);
        writer.WriteProperty(PropertyId.ServerKeepAlive, (uint?)ServerKeepAliveSeconds);
        writer.WriteProperty(PropertyId.AuthenticationMethod, AuthenticationMethod, HasAuthenticationMethod);
        writer.WriteProperty(PropertyId.AuthenticationData, AuthenticationData, HasAuthenticationData);
        writer.WriteProperty(PropertyId.ResponseInformation, ResponseInformation);
        writer.WriteProperty(PropertyId.ServerReference, ServerReference);
        writer.WriteProperty(PropertyId.ReasonString, ReasonString);
        writer.WriteProperty(PropertyId.ReceiveMaximum, (uint?)ReceiveMaximum);
        writer.WriteProperty(PropertyId.TopicAliasMaximum, (uint?)TopicAliasMaximum);
        writer.WriteProperty(PropertyId.MaximumQos, (uint?)MaximumQos);
        writer.WriteProperty(PropertyId.RetainAvailable, RetainAvailable);
        writer.WriteProperty(PropertyId.MaximumPacketSize, MaximumPacketBytes);
        writer.WriteProperty(PropertyId.WildcardSubscriptionAvailable, WildcardSubscriptionAvailable);
        writer.WriteProperty(PropertyId.SubscriptionIdentifiersAvailable, SubscriptionIdentifiersAvailable);
        writer.WriteProperty(PropertyId.SharedSubscriptionAvailable, SharedSubscriptionAvailable);
        writer.WriteRaw(UserProperties);
    }

    private static bool TryReadFields(scoped ref FieldReader fields, out ConnAckPacket packet)
    {
        packet = default;
        if (!fields.TryReadByte(out byte flags) || !fields.TryReadByte(out byte code))
        {
            return false;
        }

        bool isV5 = fields.Version == MqttVersion.V5;
        if (fields.Version != MqttVersion.V31)
        {
            if (flags > 1)
            {
                return fields.Fail(ReasonCode.MalformedPacket, isV5 ? "MQTT-3.2.2-1" : "MQTT311-4.8.0-1");
            }

            packet.SessionPresent = flags == 1;
        }

        ReasonCode reason = (ReasonCode)code;
        if (!(isV5 ? ReasonCodeTable.IsAllowed(PacketType.ConnAck, reason) : ConnAckReturnCode.TryToReason(code, out reason)))
        {
            return fields.Fail(ReasonCode.ProtocolError, isV5 ? "MQTT-3.2.2-8" : "MQTT311-4.8.0-1");
        }

        packet.Reason = reason;

        // No session is present where no connection is made [MQTT-3.2.2-6] [MQTT311-3.2.2-4].
        if (packet.SessionPresent && reason != ReasonCode.Success)
        {
            return fields.Fail(ReasonCode.ProtocolError, isV5 ? "MQTT-3.2.2-6" : "MQTT311-3.2.2-4");
        }

        if (!fields.TryReadProperties(PropertyTable.ConnAck, out PropertyValues properties))
        {
            return false;
        }

        TakeLimits(properties, ref packet);
        TakeTexts(properties, ref packet);
        return fields.IsAtEnd();
    }

    private static void TakeLimits(in PropertyValues properties, ref ConnAckPacket packet)
    {
        packet.SessionExpiryIntervalSeconds = properties.Number(PropertyId.SessionExpiryInterval);
        packet.ReceiveMaximum = (ushort?)properties.Number(PropertyId.ReceiveMaximum);
        packet.MaximumQos = (QualityOfService?)properties.Number(PropertyId.MaximumQos);
        packet.RetainAvailable = properties.Flag(PropertyId.RetainAvailable);
        packet.MaximumPacketBytes = properties.Number(PropertyId.MaximumPacketSize);
        packet.TopicAliasMaximum = (ushort?)properties.Number(PropertyId.TopicAliasMaximum);
        packet.WildcardSubscriptionAvailable = properties.Flag(PropertyId.WildcardSubscriptionAvailable);
        packet.SubscriptionIdentifiersAvailable = properties.Flag(PropertyId.SubscriptionIdentifiersAvailable);
        packet.SharedSubscriptionAvailable = properties.Flag(PropertyId.SharedSubscriptionAvailable);
        packet.ServerKeepAliveSeconds = (ushort?)properties.Number(PropertyId.ServerKeepAlive);
    }

    private static void TakeTexts(in PropertyValues properties, ref ConnAckPacket packet)
    {
        packet.AssignedClientIdentifier = properties.Value(PropertyId.AssignedClientIdentifier);
        packet.ReasonString = properties.Value(PropertyId.ReasonString);
        packet.UserProperties = properties.UserProperties;
        packet.ResponseInformation = properties.Value(PropertyId.ResponseInformation);
        packet.ServerReference = properties.Value(PropertyId.ServerReference);
        packet.HasAuthenticationMethod = properties.Has(PropertyId.AuthenticationMethod);
        packet.AuthenticationMethod = properties.Value(PropertyId.AuthenticationMethod);
        packet.HasAuthenticationData = properties.Has(PropertyId.AuthenticationData);
        packet.AuthenticationData = properties.Value(PropertyId.AuthenticationData);
    }

    private readonly bool HasCode(MqttVersion version) =>
        version == MqttVersion.V5 || ConnAckReturnCode.TryFromReason(Reason, out _);
}
