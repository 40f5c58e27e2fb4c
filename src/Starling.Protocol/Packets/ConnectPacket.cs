namespace Starling.Protocol.Packets;

/// <summary>CONNECT of any version.</summary>
public ref struct ConnectPacket : IPacketBody
{
    /// <summary>A CONNECT with the values that absent properties stand for [U5-09].</summary>
    public ConnectPacket()
    {
    }

    /// <summary>
    /// The version. After a violation it tells in which form to answer, and is None while nothing is known: then nothing is sent.
    /// </summary>
    public MqttVersion Version { get; set; }

    /// <summary>Whether bit 7 of the level byte was set, by which some brokers mark a bridge.</summary>
    public bool IsBridge { get; set; }

    /// <summary>Clean Start; in 3.x Clean Session.</summary>
    public bool CleanStart { get; set; }

    /// <summary>Seconds; 0 means no limit.</summary>
    public ushort KeepAliveSeconds { get; set; }

    /// <summary>The Client Identifier; empty asks the server for one.</summary>
    public ReadOnlySpan<byte> ClientIdentifier { get; set; }

    /// <summary>Whether there is a Will.</summary>
    public bool HasWill { get; set; }

    /// <summary>The Topic Name of the Will.</summary>
    public ReadOnlySpan<byte> WillTopic { get; set; }

    /// <summary>The message of the Will.</summary>
    public ReadOnlySpan<byte> WillPayload { get; set; }

    /// <summary>The QoS of the Will.</summary>
    public QualityOfService WillQos { get; set; }

    /// <summary>Whether the Will is published as a retained message.</summary>
    public bool WillRetain { get; set; }

    /// <summary>
    /// Read: the property block of the Will without its length. Written: entries that go out as they are, besides those that have a
    /// member of their own here.
    /// </summary>
    public ReadOnlySpan<byte> WillProperties { get; set; }

    /// <summary>Seconds between the end of the connection and the Will.</summary>
    public uint WillDelayIntervalSeconds { get; set; }

    /// <summary>The lifetime of the Will in seconds; null when it has no end.</summary>
    public uint? WillMessageExpiryIntervalSeconds { get; set; }

    /// <summary>Whether there is a user name, which may be empty.</summary>
    public bool HasUserName { get; set; }

    /// <summary>The user name.</summary>
    public ReadOnlySpan<byte> UserName { get; set; }

    /// <summary>Whether there is a password, which may be empty.</summary>
    public bool HasPassword { get; set; }

    /// <summary>The password: any bytes.</summary>
    public ReadOnlySpan<byte> Password { get; set; }

    /// <summary>Seconds that the session outlives the connection; uint.MaxValue for ever.</summary>
    public uint SessionExpiryIntervalSeconds { get; set; }

    /// <summary>How many QoS 1 and 2 messages the server may have open: 1 to 65535.</summary>
    public ushort ReceiveMaximum { get; set; } = ushort.MaxValue;

    /// <summary>The longest packet that the client takes; uint.MaxValue means no limit.</summary>
    public uint MaximumPacketBytes { get; set; } = uint.MaxValue;

    /// <summary>The highest Topic Alias that the server may use; 0 for none.</summary>
    public ushort TopicAliasMaximum { get; set; }

    /// <summary>Whether the client asks for Response Information.</summary>
    public bool RequestResponseInformation { get; set; }

    /// <summary>Whether every answer may have a Reason String and User Properties.</summary>
    public bool RequestProblemInformation { get; set; } = true;

    /// <summary>Whether there is an Authentication Method.</summary>
    public bool HasAuthenticationMethod { get; set; }

    /// <summary>The name of the method.</summary>
    public ReadOnlySpan<byte> AuthenticationMethod { get; set; }

    /// <summary>Whether there is Authentication Data, which may be empty.</summary>
    public bool HasAuthenticationData { get; set; }

    /// <summary>The data of the method.</summary>
    public ReadOnlySpan<byte> AuthenticationData { get; set; }

    /// <summary>In wire form, for <see cref="UserPropertyReader"/>; other properties may stand between them.</summary>
    public ReadOnlySpan<byte> UserProperties { get; set; }

    /// <summary>
    /// Reads the packet; its spans point into the frame. After a violation only <see cref="Version"/> is sure: an unsupported one is
    /// answered in the form of 5.0 if it is above 5, else in the form of 3.x.
    /// </summary>
    public static bool TryRead(scoped in PacketFrame frame, out ConnectPacket packet, out ProtocolViolation violation)
    {
        ConnectReader reader = new(frame);
        bool isRead = reader.TryRead();
        packet = reader.Packet;
        violation = reader.Violation;
        return isRead;
    }

    /// <summary>The bytes of the whole packet.</summary>
    /// <param name="version">The version that the packet is for; <see cref="Version"/> is not looked at.</param>
    public readonly int GetByteCount(MqttVersion version) => PacketWriting.GetByteCount(this, version);

    /// <summary>Writes the whole packet and returns its length.</summary>
    /// <param name="destination">At least <see cref="GetByteCount"/> bytes.</param>
    /// <param name="version">The version that the packet is for; <see cref="Version"/> is not looked at.</param>
    public readonly int Write(Span<byte> destination, MqttVersion version) =>
        PacketWriting.Write(this, PacketType.Connect, destination, version);

    readonly void IPacketBody.WriteBody(ref FieldWriter writer, MqttVersion version)
    {
        writer.WriteBinary(version == MqttVersion.V31 ? "MQIsdp"u8 : "MQTT"u8);
        writer.WriteByte((byte)((byte)version | (IsBridge ? ConnectFlags.BridgeLevel : 0)));
        writer.WriteByte(ConnectFlags.Of(this));
        writer.WriteUInt16(KeepAliveSeconds);
        PacketWriting.WritePropertyBlock(this, ref writer, version);

        // The order of the payload is fixed [MQTT-3.1.3-1] [MQTT311-3.1.3-1].
        writer.WriteBinary(ClientIdentifier);
        if (HasWill)
        {
            if (version == MqttVersion.V5)
            {
                FieldWriter counter = FieldWriter.Counting;
                WriteWillProperties(ref counter);
                writer.WriteVariableByteInteger((uint)counter.Position);
                WriteWillProperties(ref writer);
            }

            writer.WriteBinary(WillTopic);
            writer.WriteBinary(WillPayload);
        }

        if (HasUserName)
        {
            writer.WriteBinary(UserName);
        }

        if (HasPassword)
        {
            writer.WriteBinary(Password);
        }
    }

    readonly void IPacketBody.WriteProperties(ref FieldWriter writer)
    {
        writer.WriteProperty(PropertyId.SessionExpiryInterval, SessionExpiryIntervalSeconds == 0 ? null : SessionExpiryIntervalSeconds);
        writer.WriteProperty(PropertyId.AuthenticationMethod, AuthenticationMethod, HasAuthenticationMethod);
        writer.WriteProperty(PropertyId.AuthenticationData, AuthenticationData, HasAuthenticationData);
        writer.WriteProperty(PropertyId.RequestProblemInformation, RequestProblemInformation ? null : false);
        writer.WriteProperty(PropertyId.RequestResponseInformation, RequestResponseInformation ? true : null);
        writer.WriteProperty(PropertyId.ReceiveMaximum, ReceiveMaximum == ushort.MaxValue ? null : (uint?)ReceiveMaximum);
        writer.WriteProperty(PropertyId.TopicAliasMaximum, TopicAliasMaximum == 0 ? null : (uint?)TopicAliasMaximum);
        writer.WriteProperty(PropertyId.MaximumPacketSize, MaximumPacketBytes == uint.MaxValue ? null : MaximumPacketBytes);
        writer.WriteRaw(UserProperties);
    }

    private readonly void WriteWillProperties(ref FieldWriter writer)
    {
        writer.WriteProperty(PropertyId.WillDelayInterval, WillDelayIntervalSeconds == 0 ? null : WillDelayIntervalSeconds);
        writer.WriteProperty(PropertyId.MessageExpiryInterval, WillMessageExpiryIntervalSeconds);
        writer.WriteRaw(WillProperties);
    }
}
