using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Starling.Protocol.Packets;

/// <summary>PUBACK, PUBREC, PUBREL and PUBCOMP, which all have one form.</summary>
public ref struct AcknowledgementPacket : IPacketBody
{
    private const int ShortBodyBytes = sizeof(ushort);
    private const int ShortBytes = 2 + ShortBodyBytes;

    /// <summary>Which of the four it is.</summary>
    public PacketType Type { get; set; }

    /// <summary>The Packet Identifier of the PUBLISH that it belongs to.</summary>
    public ushort PacketIdentifier { get; set; }

    /// <summary>Success in 3.x.</summary>
    public ReasonCode Reason { get; set; }

    /// <summary>For people; empty when absent.</summary>
    public ReadOnlySpan<byte> ReasonString { get; set; }

    /// <summary>In wire form, for <see cref="UserPropertyReader"/>; other properties may stand between them.</summary>
    public ReadOnlySpan<byte> UserProperties { get; set; }

    /// <summary>Reads the packet; its spans point into the frame.</summary>
    public static bool TryRead(
        scoped in PacketFrame frame, MqttVersion version, out AcknowledgementPacket packet, out ProtocolViolation violation)
    {
        ReadOnlySpan<byte> bytes = frame.Bytes;

        // The form that nearly every acknowledgement has: an identifier and nothing else [U5-38].
        if (bytes.Length == ShortBytes && bytes[1] == ShortBodyBytes && frame.FirstByte == FixedHeader.FirstByte(frame.Type))
        {
            Unsafe.SkipInit(out packet);
            packet.Type = frame.Type;
            packet.PacketIdentifier = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
            packet.Reason = ReasonCode.Success;
            packet.ReasonString = default;
            packet.UserProperties = default;
            violation = default;
            if (packet.PacketIdentifier != 0)
            {
                return true;
            }
        }

        return TryReadLong(frame, version, out packet, out violation);
    }

    /// <summary>The bytes of the whole packet.</summary>
    public readonly int GetByteCount(MqttVersion version) =>
        IsShort(version) ? ShortBytes : PacketWriting.GetByteCount(this, version);

    /// <summary>Writes the whole packet, in the shortest form that says all, and returns its length.</summary>
    public readonly int Write(Span<byte> destination, MqttVersion version)
    {
        if (!IsShort(version))
        {
            return PacketWriting.Write(this, Type, destination, version);
        }

        BinaryPrimitives.WriteUInt16BigEndian(destination[2..ShortBytes], PacketIdentifier);
        destination[1] = ShortBodyBytes;
        destination[0] = FixedHeader.FirstByte(Type);
        return ShortBytes;
    }

    readonly void IPacketBody.WriteBody(ref FieldWriter writer, MqttVersion version)
    {
        writer.WriteUInt16(PacketIdentifier);
        if (IsShort(version))
        {
            return;
        }

        writer.WriteByte((byte)Reason);
        if (PacketWriting.GetPropertyByteCount(this) != 0)
        {
            PacketWriting.WritePropertyBlock(this, ref writer, version);
        }
    }

    readonly void IPacketBody.WriteProperties(ref FieldWriter writer)
    {
        writer.WriteProperty(PropertyId.ReasonString, ReasonString);
        writer.WriteRaw(UserProperties);
    }

    private static bool TryReadLong(
        scoped in PacketFrame frame, MqttVersion version, out AcknowledgementPacket packet, out ProtocolViolation violation)
    {
        packet = default;
        if (!FixedHeader.IsValid(frame, version, out violation))
        {
            return false;
        }

        FieldReader fields = new(frame.Body, version);
        bool isRead = TryReadFields(frame.Type, ref fields, out packet);
        violation = fields.Violation;
        return isRead;
    }

    private static bool TryReadFields(PacketType type, scoped ref FieldReader fields, out AcknowledgementPacket packet)
    {
        packet = default;
        packet.Type = type;
        if (!fields.TryReadPacketIdentifier(out ushort packetIdentifier, "MQTT-2.2.1-5", "MQTT311-2.3.1-6"))
        {
            return false;
        }

        packet.PacketIdentifier = packetIdentifier;
        if (fields.Version != MqttVersion.V5 || fields.Rest.IsEmpty)
        {
            return fields.IsAtEnd();
        }

        fields.TryReadByte(out byte reason);
        packet.Reason = (ReasonCode)reason;
        if (!ReasonCodeTable.IsAllowed(packet.Type, packet.Reason))
        {
            return fields.Fail(ReasonCode.ProtocolError, ReasonStatement(packet.Type));
        }

        // Without properties the code may be the last byte [U5-38].
        if (fields.Rest.IsEmpty)
        {
            return true;
        }

        if (!fields.TryReadProperties(PropertyTable.Acknowledgement, out PropertyValues properties))
        {
            return false;
        }

        packet.ReasonString = properties.Value(PropertyId.ReasonString);
        packet.UserProperties = properties.UserProperties;
        return fields.IsAtEnd();
    }

    private static string ReasonStatement(PacketType type) => type switch
    {
        PacketType.PubAck => "MQTT-3.4.2-1",
        PacketType.PubRec => "MQTT-3.5.2-1",
        PacketType.PubRel => "MQTT-3.6.2-1",
        _ => "MQTT-3.7.2-1",
    };

    private readonly bool IsShort(MqttVersion version) =>
        version != MqttVersion.V5 || (Reason == ReasonCode.Success && ReasonString.IsEmpty && UserProperties.IsEmpty);
}
