using Starling.Protocol.Topics;

namespace Starling.Protocol.Packets;

/// <summary>SUBSCRIBE.</summary>
public ref struct SubscribePacket : IPacketBody
{
    private const int OptionsQos = 0b0000_0011;
    private const int OptionNoLocal = 0b0000_0100;
    private const int OptionsRetainHandling = 0b0011_0000;
    private const int OptionsReserved = 0b1100_0000;

    /// <summary>1 to 65535; SUBACK repeats it.</summary>
    public ushort PacketIdentifier { get; set; }

    /// <summary>1 to 268435455 for all filters of the packet; 0 when absent.</summary>
    public uint SubscriptionIdentifier { get; set; }

    /// <summary>In wire form, for <see cref="UserPropertyReader"/>; other properties may stand between them.</summary>
    public ReadOnlySpan<byte> UserProperties { get; set; }

    /// <summary>The filters in wire form, as <see cref="SubscribeFilterWriter"/> writes them.</summary>
    public ReadOnlySpan<byte> FiltersBytes { get; set; }

    /// <summary>How many filters a received packet has.</summary>
    public int FilterCount { get; private set; }

    /// <summary>The filters of a received packet, in order.</summary>
    public readonly SubscribeFilters Filters => new(FiltersBytes);

    /// <summary>
    /// Reads the packet; its spans point into the frame. Text and options are checked; whether a filter is well formed is left to
    /// <see cref="TopicFilter.IsValid"/> and <see cref="SharedFilter.TryParse"/>, because a server may refuse it alone in SUBACK.
    /// </summary>
    public static bool TryRead(
        scoped in PacketFrame frame, MqttVersion version, out SubscribePacket packet, out ProtocolViolation violation)
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
        PacketWriting.Write(this, PacketType.Subscribe, destination, version);

    readonly void IPacketBody.WriteBody(ref FieldWriter writer, MqttVersion version)
    {
        writer.WriteUInt16(PacketIdentifier);
        PacketWriting.WritePropertyBlock(this, ref writer, version);
        writer.WriteRaw(FiltersBytes);
    }

    readonly void IPacketBody.WriteProperties(ref FieldWriter writer)
    {
        writer.WriteProperty(PropertyId.SubscriptionIdentifier, SubscriptionIdentifier == 0 ? null : SubscriptionIdentifier);
        writer.WriteRaw(UserProperties);
    }

    private static bool TryReadFields(scoped ref FieldReader fields, out SubscribePacket packet)
    {
        packet = default;
        if (!fields.TryReadPacketIdentifier(out ushort packetIdentifier, "MQTT-2.2.1-3", "MQTT311-2.3.1-1")
            || !fields.TryReadProperties(PropertyTable.Subscribe, out PropertyValues properties))
        {
            return false;
        }

        packet.PacketIdentifier = packetIdentifier;
        packet.SubscriptionIdentifier = properties.Number(PropertyId.SubscriptionIdentifier) ?? 0;
        packet.UserProperties = properties.UserProperties;
        packet.FiltersBytes = fields.Rest;
        while (!fields.Rest.IsEmpty)
        {
            if (!fields.TryReadText(out ReadOnlySpan<byte> filter)
                || !fields.TryReadByte(out byte options)
                || !AreValid(options, filter, ref fields))
            {
                return false;
            }

            packet.FilterCount++;
        }

        // A SUBSCRIBE for nothing makes no sense [MQTT-3.8.3-2] [MQTT311-3.8.3-3].
        return packet.FilterCount != 0
            || fields.Fail(ReasonCode.ProtocolError, fields.Version == MqttVersion.V5 ? "MQTT-3.8.3-2" : "MQTT311-3.8.3-3");
    }

    private static bool AreValid(byte options, ReadOnlySpan<byte> filter, scoped ref FieldReader fields)
    {
        if (fields.Version != MqttVersion.V5)
        {
            return options <= (byte)QualityOfService.ExactlyOnce || fields.Fail(ReasonCode.MalformedPacket, "MQTT311-3.8.3-4");
        }

        if ((options & OptionsReserved) != 0)
        {
            return fields.Fail(ReasonCode.MalformedPacket, "MQTT-3.8.3-5");
        }

        if ((options & OptionsQos) == OptionsQos)
        {
            return fields.Fail(ReasonCode.ProtocolError, "U5-30");
        }

        if ((options & OptionsRetainHandling) == OptionsRetainHandling)
        {
            return fields.Fail(ReasonCode.ProtocolError, "U5-31");
        }

        // The members of a group share messages, whoever sent them [MQTT-3.8.3-4].
        return (options & OptionNoLocal) == 0 || !SharedFilter.IsShared(filter)
            || fields.Fail(ReasonCode.ProtocolError, "MQTT-3.8.3-4");
    }
}
