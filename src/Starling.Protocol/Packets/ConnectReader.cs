using Starling.Protocol.Topics;

namespace Starling.Protocol.Packets;

/// <summary>Reads CONNECT, the only packet that tells its own version.</summary>
internal ref struct ConnectReader
{
    private readonly PacketFrame _frame;
    private FieldReader _fields;
    private ConnectPacket _packet;
    private int _flags;

    public ConnectReader(PacketFrame frame)
    {
        _frame = frame;
        _fields = new FieldReader(frame.Body, MqttVersion.None) { OverrunStatement = "MQTT311-3.1.4-1" };
        _packet = new ConnectPacket();
    }

    public readonly ConnectPacket Packet => _packet;

    public readonly ProtocolViolation Violation => _fields.Violation;

    private readonly bool IsV5 => _fields.Version == MqttVersion.V5;

    public bool TryRead() =>
        TryReadVersion()
        && TryReadFlags()
        && TryReadProperties()
        && TryReadClientIdentifier()
        && TryReadWill()
        && TryReadUserName()
        && TryReadPassword()
        && IsAtEnd()
        && IsClientIdentifierAllowed();

    private bool TryReadVersion()
    {
        if (!_fields.TryReadBinary(out ReadOnlySpan<byte> name) || !_fields.TryReadByte(out byte level))
        {
            return false;
        }

        _packet.IsBridge = (level & ConnectFlags.BridgeLevel) != 0;
        level &= unchecked((byte)~ConnectFlags.BridgeLevel);
        // 3.1 has a name of its own [MQTT31-6].
        bool isOldName = name.SequenceEqual("MQIsdp"u8);
        bool isNewName = name.SequenceEqual("MQTT"u8);
        bool isSupported = isOldName
            ? level == (byte)MqttVersion.V31
            : isNewName && level is (byte)MqttVersion.V311 or (byte)MqttVersion.V5;
        if (isSupported)
        {
            UseVersion((MqttVersion)level);
            return true;
        }

        // The answer has the form of a version that the client may know: that of 5.0 only if the client speaks something newer, or
        // 5 under another name; older ones get the return code of 3.x [MQTT-3.1.2-2] [MQTT311-3.1.2-2] [MQTT-3.1.2-1] [MQTT311-3.1.2-1].
        bool isNewForm = !isOldName && level >= (byte)MqttVersion.V5;
        UseVersion(isNewForm ? MqttVersion.V5 : MqttVersion.V311);
        return _fields.Fail(
            ReasonCode.UnsupportedProtocolVersion,
            (isNewName || isOldName, isNewForm) switch
            {
                (true, true) => "MQTT-3.1.2-2",
                (true, false) => "MQTT311-3.1.2-2",
                (false, true) => "MQTT-3.1.2-1",
                (false, false) => "MQTT311-3.1.2-1",
            });
    }

    private void UseVersion(MqttVersion version)
    {
        _fields.Version = version;
        _fields.OverrunStatement = GeneralOverrun;
        _packet.Version = version;
    }

    private readonly string? GeneralOverrun => IsV5 ? null : "MQTT311-3.1.4-1";

    private bool TryReadFlags()
    {
        if (!FixedHeader.IsValid(_frame, _fields.Version, out ProtocolViolation violation))
        {
            return _fields.Fail(violation);
        }

        if (!_fields.TryReadByte(out byte flags))
        {
            return false;
        }

        violation = ConnectFlags.Check(flags, _fields.Version);
        if (!violation.IsNone)
        {
            return _fields.Fail(violation);
        }

        _flags = flags;
        _packet.CleanStart = (flags & ConnectFlags.CleanStart) != 0;
        _packet.HasWill = (flags & ConnectFlags.Will) != 0;
        bool isRead = _fields.TryReadUInt16(out ushort keepAliveSeconds);
        _packet.KeepAliveSeconds = keepAliveSeconds;
        return isRead;
    }

    // What is absent has the default of the specification [U5-09], which a new packet has already.
    private bool TryReadProperties()
    {
        if (!_fields.TryReadProperties(PropertyTable.Connect, out PropertyValues properties))
        {
            return false;
        }

        _packet.SessionExpiryIntervalSeconds = properties.Number(PropertyId.SessionExpiryInterval) ?? 0;
        _packet.ReceiveMaximum = (ushort?)properties.Number(PropertyId.ReceiveMaximum) ?? ushort.MaxValue;
        _packet.MaximumPacketBytes = properties.Number(PropertyId.MaximumPacketSize) ?? uint.MaxValue;
        _packet.TopicAliasMaximum = (ushort?)properties.Number(PropertyId.TopicAliasMaximum) ?? 0;
        _packet.RequestResponseInformation = properties.Flag(PropertyId.RequestResponseInformation) ?? false;
        _packet.RequestProblemInformation = properties.Flag(PropertyId.RequestProblemInformation) ?? true;
        _packet.HasAuthenticationMethod = properties.Has(PropertyId.AuthenticationMethod);
        _packet.AuthenticationMethod = properties.Value(PropertyId.AuthenticationMethod);
        _packet.HasAuthenticationData = properties.Has(PropertyId.AuthenticationData);
        _packet.AuthenticationData = properties.Value(PropertyId.AuthenticationData);
        _packet.UserProperties = properties.UserProperties;
        return true;
    }

    // It comes first in the payload and is always there [MQTT-3.1.3-3] [MQTT311-3.1.3-3].
    private bool TryReadClientIdentifier()
    {
        _fields.OverrunStatement = IsV5 ? "MQTT-3.1.3-3" : "MQTT311-3.1.3-3";
        bool isRead = _fields.TryReadText(out ReadOnlySpan<byte> clientIdentifier);
        _packet.ClientIdentifier = clientIdentifier;
        return isRead;
    }

    private bool TryReadWill()
    {
        if (!_packet.HasWill)
        {
            return true;
        }

        // The flag promises the fields [MQTT-3.1.2-9] [MQTT311-3.1.2-9].
        _fields.OverrunStatement = IsV5 ? "MQTT-3.1.2-9" : "MQTT311-3.1.2-9";
        if (!TryReadWillProperties()
            || !_fields.TryReadText(out ReadOnlySpan<byte> topic)
            || !IsWillTopic(topic)
            || !_fields.TryReadBinary(out ReadOnlySpan<byte> payload))
        {
            return false;
        }

        _packet.WillTopic = topic;
        _packet.WillPayload = payload;
        _packet.WillQos = (QualityOfService)((_flags & ConnectFlags.WillQos) >> ConnectFlags.WillQosShift);
        _packet.WillRetain = (_flags & ConnectFlags.WillRetain) != 0;
        return true;
    }

    private bool TryReadWillProperties()
    {
        if (!_fields.TryReadProperties(PropertyTable.Will, out PropertyValues properties))
        {
            return false;
        }

        _packet.WillProperties = properties.Block;
        _packet.WillDelayIntervalSeconds = properties.Number(PropertyId.WillDelayInterval) ?? 0;
        _packet.WillMessageExpiryIntervalSeconds = properties.Number(PropertyId.MessageExpiryInterval);
        return true;
    }

    // The Will is published to it, so it is a Topic Name: not empty [MQTT-4.7.3-1] [MQTT311-4.7.3-1], no wildcards [MQTT-4.7.0-1]
    // [MQTT311-4.7.1-1].
    private bool IsWillTopic(ReadOnlySpan<byte> topic)
    {
        if (topic.IsEmpty)
        {
            return _fields.Fail(ReasonCode.TopicNameInvalid, IsV5 ? "MQTT-4.7.3-1" : "MQTT311-4.7.3-1");
        }

        return !TopicName.HasWildcards(topic)
            || _fields.Fail(ReasonCode.TopicNameInvalid, IsV5 ? "MQTT-4.7.0-1" : "MQTT311-4.7.1-1");
    }

    private bool TryReadUserName()
    {
        if ((_flags & ConnectFlags.UserName) == 0 || IsLeftOut())
        {
            return true;
        }

        // The flag promises the field [MQTT-3.1.2-17] [MQTT311-3.1.2-19].
        _fields.OverrunStatement = IsV5 ? "MQTT-3.1.2-17" : "MQTT311-3.1.2-19";
        _packet.HasUserName = _fields.TryReadText(out ReadOnlySpan<byte> userName);
        _packet.UserName = userName;
        return _packet.HasUserName;
    }

    private bool TryReadPassword()
    {
        if ((_flags & ConnectFlags.Password) == 0 || IsLeftOut())
        {
            return true;
        }

        // The flag promises the field [MQTT-3.1.2-19] [MQTT311-3.1.2-21].
        _fields.OverrunStatement = IsV5 ? "MQTT-3.1.2-19" : "MQTT311-3.1.2-21";
        _packet.HasPassword = _fields.TryReadBinary(out ReadOnlySpan<byte> password);
        _packet.Password = password;
        return _packet.HasPassword;
    }

    // Old clients set these flags and end the packet without the fields; in 3.1 the length decides [MQTT31-3].
    private readonly bool IsLeftOut() => _fields.Version == MqttVersion.V31 && _fields.Rest.IsEmpty;

    // Bytes behind the last field belong to a field that no flag announces [MQTT-3.1.2-16] [MQTT-3.1.2-18] [MQTT311-3.1.2-18]
    // [MQTT311-3.1.2-20].
    private bool IsAtEnd()
    {
        bool isUserName = (_flags & ConnectFlags.UserName) == 0;
        _fields.OverrunStatement = (isUserName, (_flags & ConnectFlags.Password) == 0, IsV5) switch
        {
            (true, _, true) => "MQTT-3.1.2-16",
            (true, _, false) => "MQTT311-3.1.2-18",
            (false, true, true) => "MQTT-3.1.2-18",
            (false, true, false) => "MQTT311-3.1.2-20",
            _ => GeneralOverrun,
        };
        return _fields.IsAtEnd();
    }

    private bool IsClientIdentifierAllowed()
    {
        if (!_packet.ClientIdentifier.IsEmpty)
        {
            return true;
        }

        return _fields.Version switch
        {
            // 3.1 has no identifiers chosen by the server [MQTT31-1].
            MqttVersion.V31 => _fields.Fail(ReasonCode.ClientIdentifierNotValid, "MQTT31-1"),

            // Nobody could come back to a session whose name nobody knows [MQTT311-3.1.3-8].
            MqttVersion.V311 => _packet.CleanStart || _fields.Fail(ReasonCode.ClientIdentifierNotValid, "MQTT311-3.1.3-8"),
            _ => true,
        };
    }
}
