namespace Starling.Protocol.Packets;

/// <summary>Puts the fixed header in front of a body.</summary>
internal static class PacketWriting
{
    public static int GetByteCount<TPacket>(scoped in TPacket packet, MqttVersion version)
        where TPacket : struct, IPacketBody, allows ref struct
    {
        int bodyBytes = GetBodyByteCount(packet, version);
        return 1 + VariableByteInteger.GetByteCount((uint)bodyBytes) + bodyBytes;
    }

    public static int Write<TPacket>(scoped in TPacket packet, PacketType type, Span<byte> destination, MqttVersion version)
        where TPacket : struct, IPacketBody, allows ref struct
    {
        FieldWriter writer = new(destination);
        writer.WriteByte(FixedHeader.FirstByte(type));
        writer.WriteVariableByteInteger((uint)GetBodyByteCount(packet, version));
        packet.WriteBody(ref writer, version);
        return writer.Position;
    }

    private static int GetBodyByteCount<TPacket>(scoped in TPacket packet, MqttVersion version)
        where TPacket : struct, IPacketBody, allows ref struct
    {
        FieldWriter counter = FieldWriter.Counting;
        packet.WriteBody(ref counter, version);
        return counter.Position;
    }

    /// <summary>The Property Length, which stands there even when it is 0 [MQTT-2.2.2-1], and the properties; nothing in 3.x.</summary>
    public static void WritePropertyBlock<TPacket>(scoped in TPacket packet, ref FieldWriter writer, MqttVersion version)
        where TPacket : struct, IPacketBody, allows ref struct
    {
        if (version == MqttVersion.V5)
        {
            writer.WriteVariableByteInteger((uint)GetPropertyByteCount(packet));
            packet.WriteProperties(ref writer);
        }
    }

    public static int GetPropertyByteCount<TPacket>(scoped in TPacket packet)
        where TPacket : struct, IPacketBody, allows ref struct
    {
        FieldWriter counter = FieldWriter.Counting;
        packet.WriteProperties(ref counter);
        return counter.Position;
    }
}
