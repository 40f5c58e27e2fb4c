using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Starling.Protocol.Topics;

namespace Starling.Protocol.Packets;

/// <summary>PUBLISH. It has its own reader and writer, because every message passes both.</summary>
public ref struct PublishPacket
{
    private const int FlagRetain = 0b0001;
    private const int FlagsQos = 0b0110;
    private const int FlagDuplicate = 0b1000;
    private const int AliasBytes = 1 + sizeof(ushort);
    private const int ExpiryBytes = 1 + sizeof(uint);

    /// <summary>Whether it is sent again.</summary>
    public bool Duplicate { get; set; }

    /// <summary>Whether the server keeps it, or had kept it.</summary>
    public bool Retain { get; set; }

    /// <summary>Its Quality of Service.</summary>
    public QualityOfService Qos { get; set; }

    /// <summary>Whether a received block has no Topic Alias, Message Expiry Interval or Subscription Identifier; true in 3.x.</summary>
    public bool IsForwardableAsReceived { get; private set; }

    /// <summary>Whether a received block has a Subscription Identifier, which a client may not send.</summary>
    public bool HasSubscriptionIdentifier { get; private set; }

    /// <summary>1 to 65535; 0 at QoS 0, where the packet has none [MQTT-2.2.1-2] [MQTT311-2.3.1-5].</summary>
    public ushort PacketIdentifier { get; set; }

    /// <summary>1 to 65535; 0 when absent.</summary>
    public ushort TopicAlias { get; set; }

    /// <summary>Seconds; null when absent.</summary>
    public uint? MessageExpiryIntervalSeconds { get; set; }

    /// <summary>The Topic Name; empty only when a Topic Alias stands for it.</summary>
    public ReadOnlySpan<byte> Topic { get; set; }

    /// <summary>
    /// Read: the whole property block without its length, empty in 3.x. Written: entries that go out as they are, besides those that
    /// have a member of their own here.
    /// </summary>
    public ReadOnlySpan<byte> Properties { get; set; }

    /// <summary>The message.</summary>
    public ReadOnlySpan<byte> Payload { get; set; }

    /// <summary>For writing only: each from 1 to 268435455.</summary>
    public ReadOnlySpan<uint> SubscriptionIdentifiers { get; set; }

    /// <summary>Reads the packet; its spans point into the frame.</summary>
    public static bool TryRead(scoped in PacketFrame frame, MqttVersion version, out PublishPacket packet, out ProtocolViolation violation)
    {
        int flags = frame.Flags;
        ReadOnlySpan<byte> body = frame.Body;
        QualityOfService qos = (QualityOfService)((flags & FlagsQos) >> 1);
        if (qos > QualityOfService.ExactlyOnce || (flags & (FlagsQos | FlagDuplicate)) == FlagDuplicate)
        {
            return Refuse(BadFlags(qos, version), out packet, out violation);
        }

        int identifierBytes = qos == QualityOfService.AtMostOnce ? 0 : sizeof(ushort);
        if (!BinaryPrimitives.TryReadUInt16BigEndian(body, out ushort topicBytes)
            || sizeof(ushort) + topicBytes + identifierBytes > body.Length)
        {
            return Refuse(Violations.BadLength(version), out packet, out violation);
        }

        ReadOnlySpan<byte> topic = body.Slice(sizeof(ushort), topicBytes);
        if (!TopicName.IsPlain(topic) && (!Utf8String.IsValid(topic) || TopicName.HasWildcards(topic)))
        {
            return Refuse(BadTopic(topic, version), out packet, out violation);
        }

        ReadOnlySpan<byte> rest = body[(sizeof(ushort) + topicBytes)..];
        ushort packetIdentifier = 0;
        if (identifierBytes != 0)
        {
            packetIdentifier = BinaryPrimitives.ReadUInt16BigEndian(rest);
            rest = rest[identifierBytes..];
            if (packetIdentifier == 0)
            {
                string statement = version == MqttVersion.V5 ? "MQTT-2.2.1-3" : "MQTT311-2.3.1-1";
                return Refuse(new(ReasonCode.ProtocolError, statement), out packet, out violation);
            }
        }

        Unsafe.SkipInit(out packet);
        packet.Duplicate = (flags & FlagDuplicate) != 0;
        packet.Retain = (flags & FlagRetain) != 0;
        packet.Qos = qos;
        packet.PacketIdentifier = packetIdentifier;
        packet.Topic = topic;
        packet.SubscriptionIdentifiers = default;
        packet.IsForwardableAsReceived = true;
        packet.HasSubscriptionIdentifier = false;
        packet.TopicAlias = 0;
        packet.MessageExpiryIntervalSeconds = null;
        packet.Properties = default;
        packet.Payload = rest;
        if (version == MqttVersion.V5)
        {
            return TryReadProperties(frame, ref packet, out violation);
        }

        violation = default;
        return topicBytes != 0
            || Refuse(new(ReasonCode.TopicNameInvalid, "MQTT311-4.7.3-1"), out packet, out violation);
    }

    /// <summary>Where the Packet Identifier stands in a written PUBLISH above QoS 0, so that a copy can get its own.</summary>
    public static int PacketIdentifierOffset(ReadOnlySpan<byte> writtenPacket)
    {
        int position = 1;
        while (writtenPacket[position++] >= 0x80)
        {
        }

        return position + sizeof(ushort) + BinaryPrimitives.ReadUInt16BigEndian(writtenPacket[position..]);
    }

    /// <summary>The bytes of the whole packet.</summary>
    public readonly int GetByteCount(MqttVersion version)
    {
        int bodyBytes = GetBodyByteCount(version, version == MqttVersion.V5 ? GetPropertyByteCount() : 0);
        return 1 + VariableByteInteger.GetByteCount((uint)bodyBytes) + bodyBytes;
    }

    /// <summary>Writes the whole packet and returns its length. The caller sees to it that DUP is not set at QoS 0.</summary>
    public readonly int Write(Span<byte> destination, MqttVersion version)
    {
        int position = WriteWithoutPayload(destination, version);
        Payload.CopyTo(destination[position..]);
        return position + Payload.Length;
    }

    /// <summary>Writes all that stands before the payload and returns its length; the Remaining Length counts the payload.</summary>
    public readonly int WriteWithoutPayload(Span<byte> destination, MqttVersion version)
    {
        int propertyBytes = version == MqttVersion.V5 ? GetPropertyByteCount() : 0;
        int flags = (Duplicate ? FlagDuplicate : 0) | ((int)Qos << 1) | (Retain ? FlagRetain : 0);
        destination[0] = (byte)(((int)PacketType.Publish << 4) | flags);
        int position = 1 + VariableByteInteger.Write(destination[1..], (uint)GetBodyByteCount(version, propertyBytes));
        BinaryPrimitives.WriteUInt16BigEndian(destination[position..], checked((ushort)Topic.Length));
        position += sizeof(ushort);
        Topic.CopyTo(destination[position..]);
        position += Topic.Length;
        if (Qos != QualityOfService.AtMostOnce)
        {
            BinaryPrimitives.WriteUInt16BigEndian(destination[position..], PacketIdentifier);
            position += sizeof(ushort);
        }

        if (version == MqttVersion.V5)
        {
            position += VariableByteInteger.Write(destination[position..], (uint)propertyBytes);
            position += WriteProperties(destination[position..]);
        }

        return position;
    }

    private static bool TryReadProperties(scoped in PacketFrame frame, ref PublishPacket packet, out ProtocolViolation violation)
    {
        if (!frame.IsShortestLength)
        {
            return Refuse(new(ReasonCode.MalformedPacket, "MQTT-1.5.5-1"), out packet, out violation);
        }

        // Most messages have no properties at all: a length of 0, which must not be left out [MQTT-2.2.2-1].
        ReadOnlySpan<byte> rest = packet.Payload;
        if (!rest.IsEmpty && rest[0] == 0)
        {
            packet.Payload = rest[1..];
            violation = default;
        }
        else if (!TryReadBlock(ref packet, out violation))
        {
            packet = default;
            return false;
        }

        // Without a name only an alias can say where the message goes [U5-20].
        return (packet.Topic.Length | packet.TopicAlias) != 0
            || Refuse(new(ReasonCode.ProtocolError, "U5-20"), out packet, out violation);
    }

    private static bool TryReadBlock(ref PublishPacket packet, out ProtocolViolation violation)
    {
        FieldReader fields = new(packet.Payload, MqttVersion.V5);
        if (!fields.TryReadPropertyBlock(out ReadOnlySpan<byte> block))
        {
            violation = fields.Violation;
            return false;
        }

        packet.Properties = block;
        packet.Payload = fields.Rest;
        ulong present = 0;
        PropertyReader reader = new(block);
        while (reader.TryRead(out PropertyEntry entry))
        {
            if (!PropertyRules.IsValid(entry, PropertyTable.Publish, ref present, out violation))
            {
                return false;
            }

            switch (entry.Id)
            {
                case PropertyId.TopicAlias:
                    packet.TopicAlias = (ushort)entry.Number;
                    packet.IsForwardableAsReceived = false;
                    break;
                case PropertyId.MessageExpiryInterval:
                    packet.MessageExpiryIntervalSeconds = entry.Number;
                    packet.IsForwardableAsReceived = false;
                    break;
                case PropertyId.SubscriptionIdentifier:
                    packet.HasSubscriptionIdentifier = true;
                    packet.IsForwardableAsReceived = false;
                    break;
                default:
                    break;
            }
        }

        violation = reader.Violation;
        return violation.IsNone;
    }

    // Both bits are no Quality of Service [MQTT-3.3.1-4] [MQTT311-3.3.1-4]. A QoS 0 message is never sent again, so it cannot be a
    // repeat [MQTT-3.3.1-2] [MQTT311-3.3.1-2].
    private static ProtocolViolation BadFlags(QualityOfService qos, MqttVersion version) => new(
        qos > QualityOfService.ExactlyOnce ? ReasonCode.MalformedPacket : ReasonCode.ProtocolError,
        (qos > QualityOfService.ExactlyOnce, version == MqttVersion.V5) switch
        {
            (true, true) => "MQTT-3.3.1-4",
            (true, false) => "MQTT311-3.3.1-4",
            (false, true) => "MQTT-3.3.1-2",
            (false, false) => "MQTT311-3.3.1-2",
        });

    // A message goes to one topic, so its name has no wildcards [MQTT-3.3.2-2] [MQTT311-3.3.2-2].
    private static ProtocolViolation BadTopic(ReadOnlySpan<byte> topic, MqttVersion version) => Utf8String.IsValid(topic)
        ? new(ReasonCode.TopicNameInvalid, version == MqttVersion.V5 ? "MQTT-3.3.2-2" : "MQTT311-3.3.2-2")
        : Violations.BadText(topic, version);

    private static bool Refuse(ProtocolViolation found, out PublishPacket packet, out ProtocolViolation violation)
    {
        packet = default;
        violation = found;
        return false;
    }

    private readonly int GetBodyByteCount(MqttVersion version, int propertyBytes) =>
        sizeof(ushort) + Topic.Length
        + (Qos == QualityOfService.AtMostOnce ? 0 : sizeof(ushort))
        + (version == MqttVersion.V5 ? VariableByteInteger.GetByteCount((uint)propertyBytes) + propertyBytes : 0)
        + Payload.Length;

    private readonly int GetPropertyByteCount()
    {
        int count = Properties.Length + (TopicAlias != 0 ? AliasBytes : 0) + (MessageExpiryIntervalSeconds.HasValue ? ExpiryBytes : 0);
        foreach (uint identifier in SubscriptionIdentifiers)
        {
            count += 1 + VariableByteInteger.GetByteCount(identifier);
        }

        return count;
    }

    // What differs between the copies of a message comes first, so that the rest of the packet can be shared.
    private readonly int WriteProperties(Span<byte> destination)
    {
        int position = 0;
        if (TopicAlias != 0)
        {
            position += PropertyWriter.Write(destination, PropertyId.TopicAlias, TopicAlias);
        }

        if (MessageExpiryIntervalSeconds is uint seconds)
        {
            position += PropertyWriter.Write(destination[position..], PropertyId.MessageExpiryInterval, seconds);
        }

        foreach (uint identifier in SubscriptionIdentifiers)
        {
            position += PropertyWriter.Write(destination[position..], PropertyId.SubscriptionIdentifier, identifier);
        }

        Properties.CopyTo(destination[position..]);
        return position + Properties.Length;
    }
}
