using System.Buffers.Binary;

namespace Starling.Protocol.Packets;

/// <summary>Writes single properties in wire form, to build a property block. Each method returns the bytes written.</summary>
public static class PropertyWriter
{
    /// <summary>The bytes of a property that is a number.</summary>
    public static int GetByteCount(PropertyId id, uint number) => 1 + PropertyTable.KindOf(id) switch
    {
        PropertyKind.Byte => sizeof(byte),
        PropertyKind.TwoByteInteger => sizeof(ushort),
        PropertyKind.FourByteInteger => sizeof(uint),
        PropertyKind.VariableByteInteger => VariableByteInteger.GetByteCount(number),
        _ => throw new ArgumentOutOfRangeException(nameof(id), id, "Not a number."),
    };

    /// <summary>The bytes of a property that is text or binary.</summary>
    public static int GetByteCount(ReadOnlySpan<byte> value) => 1 + sizeof(ushort) + value.Length;

    /// <summary>The bytes of a User Property.</summary>
    public static int GetByteCount(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) =>
        1 + sizeof(ushort) + name.Length + sizeof(ushort) + value.Length;

    /// <summary>Writes a property that is a number.</summary>
    public static int Write(Span<byte> destination, PropertyId id, uint number)
    {
        destination[0] = (byte)id;
        switch (PropertyTable.KindOf(id))
        {
            case PropertyKind.Byte:
                destination[1] = checked((byte)number);
                return 1 + sizeof(byte);
            case PropertyKind.TwoByteInteger:
                BinaryPrimitives.WriteUInt16BigEndian(destination[1..], checked((ushort)number));
                return 1 + sizeof(ushort);
            case PropertyKind.FourByteInteger:
                BinaryPrimitives.WriteUInt32BigEndian(destination[1..], number);
                return 1 + sizeof(uint);
            case PropertyKind.VariableByteInteger:
                return 1 + VariableByteInteger.Write(destination[1..], number);
            default:
                throw new ArgumentOutOfRangeException(nameof(id), id, "Not a number.");
        }
    }

    /// <summary>Writes a property that is text or binary, of at most 65535 bytes.</summary>
    public static int Write(Span<byte> destination, PropertyId id, ReadOnlySpan<byte> value)
    {
        FieldWriter writer = new(destination);
        writer.WriteByte((byte)id);
        writer.WriteBinary(value);
        return writer.Position;
    }

    /// <summary>Writes a User Property, each half of at most 65535 bytes.</summary>
    public static int WriteUserProperty(Span<byte> destination, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        FieldWriter writer = new(destination);
        writer.WriteByte((byte)PropertyId.UserProperty);
        writer.WriteBinary(name);
        writer.WriteBinary(value);
        return writer.Position;
    }
}
