namespace Starling.Protocol.Packets;

/// <summary>Builds the filters of an UNSUBSCRIBE in wire form.</summary>
public static class UnsubscribeFilterWriter
{
    /// <summary>The bytes of one entry.</summary>
    public static int GetByteCount(ReadOnlySpan<byte> filter) => sizeof(ushort) + filter.Length;

    /// <summary>Writes one entry and returns its length.</summary>
    public static int Write(Span<byte> destination, ReadOnlySpan<byte> filter)
    {
        FieldWriter writer = new(destination);
        writer.WriteBinary(filter);
        return writer.Position;
    }
}
