using System.Buffers.Binary;
using System.Text;

namespace Starling.EndToEnd.Tests.Wire;

/// <summary>Writes the data types of MQTT, right or wrong as a test wants them.</summary>
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

    public ByteWriter VariableByte(int value)
    {
        for (; value >= 128; value >>= 7)
        {
            Byte((value & 127) | 128);
        }

        return Byte(value);
    }

    public ByteWriter Binary(ReadOnlySpan<byte> value)
    {
        TwoByte(value.Length);
        _bytes.AddRange(value);
        return this;
    }

    public ByteWriter Text(string value) => Binary(Encoding.UTF8.GetBytes(value));

    public ByteWriter Raw(ReadOnlySpan<byte> value)
    {
        _bytes.AddRange(value);
        return this;
    }

    /// <summary>A block with its length before it, as properties have it.</summary>
    public ByteWriter Block(ReadOnlySpan<byte> value) => VariableByte(value.Length).Raw(value);

    public byte[] ToArray() => [.. _bytes];
}
