namespace Starling.Protocol.Packets;

/// <summary>Builds the filters of a SUBSCRIBE in wire form.</summary>
public static class SubscribeFilterWriter
{
    /// <summary>The bytes of one entry.</summary>
    public static int GetByteCount(in SubscribeFilter filter) => sizeof(ushort) + filter.Filter.Length + 1;

    /// <summary>Writes one entry and returns its length. In 3.x only the QoS is written.</summary>
    public static int Write(Span<byte> destination, in SubscribeFilter filter, MqttVersion version)
    {
        FieldWriter writer = new(destination);
        writer.WriteBinary(filter.Filter);
        writer.WriteByte(filter.ToOptions(version));
        return writer.Position;
    }
}
