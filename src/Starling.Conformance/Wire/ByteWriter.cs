using System.Buffers.Binary;
using System.Text;

namespace Starling.Conformance.Wire;

/// <summary>Writes the data types of MQTT, right or wrong as a case wants them.</summary>
internal sealed class ByteWriter
{
    private readonly List<byte> _bytes = [];

    public ByteWriter Byte(int value)
    {
        _bytes.Add((byte)value);
        return this;
    }

    public ByteWriter TwoByte(int value) => Byte(value >> 8).Byte(value);

    public ByteWriter FourByte(uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        _bytes.AddRange(bytes);
        return this;
    }

    /// <summary>In the fewest bytes.</summary>
    public ByteWriter VariableByte(int value)
    {
        for (; value >= 128; value >>= 7)
        {
            Byte((value & 127) | 128);
        }

        return Byte(value);
    }

    /// <summary>Bytes as they are.</summary>
    public ByteWriter Raw(ReadOnlySpan<byte> value)
    {
        _bytes.AddRange(value);
        return this;
    }

    /// <summary>Bytes behind their length in two bytes.</summary>
    public ByteWriter Binary(ReadOnlySpan<byte> value) => TwoByte(value.Length).Raw(value);

    /// <summary>Text as UTF-8 behind its length in two bytes.</summary>
    public ByteWriter Text(string value) => Binary(Encoding.UTF8.GetBytes(value));

    /// <summary>Bytes behind their length as a variable byte integer, as properties and whole packets have it.</summary>
    public ByteWriter Block(ReadOnlySpan<byte> value) => VariableByte(value.Length).Raw(value);

    public byte[] ToArray() => [.. _bytes];
}
