using System.Buffers.Binary;
using System.Text;

namespace Starling.EndToEnd.Tests.Wire;

/// <summary>Reads the property blocks that a broker sends, by the table of the specification.</summary>
internal static class PropertyReader
{
    private static readonly byte[] Bytes = [0x01, 0x17, 0x19, 0x24, 0x25, 0x28, 0x29, 0x2A];
    private static readonly byte[] TwoBytes = [0x13, 0x21, 0x22, 0x23];
    private static readonly byte[] FourBytes = [0x02, 0x11, 0x18, 0x27];
    private static readonly byte[] Texts = [0x03, 0x08, 0x12, 0x15, 0x1A, 0x1C, 0x1F];

    /// <summary>Numbers as <see cref="long"/>, everything else as <see cref="string"/>; repeated identifiers stay in order.</summary>
    public static List<KeyValuePair<int, object>> Read(ReadOnlySpan<byte> source, out int bytesRead)
    {
        int length = VariableByte(source, out int position);
        bytesRead = position + length;
        List<KeyValuePair<int, object>> properties = [];
        while (position < bytesRead)
        {
            byte id = source[position++];
            properties.Add(new(id, ReadValue(id, source[..bytesRead], ref position)));
        }

        return properties;
    }

    public static int VariableByte(ReadOnlySpan<byte> source, out int bytesRead)
    {
        int value = 0;
        for (bytesRead = 0; ;)
        {
            byte next = source[bytesRead];
            value |= (next & 127) << (7 * bytesRead++);
            if (next < 128)
            {
                return value;
            }
        }
    }

    private static object ReadValue(byte id, ReadOnlySpan<byte> source, ref int position)
    {
        ReadOnlySpan<byte> rest = source[position..];
        if (Bytes.Contains(id))
        {
            position += 1;
            return (long)rest[0];
        }

        if (TwoBytes.Contains(id))
        {
            position += 2;
            return (long)BinaryPrimitives.ReadUInt16BigEndian(rest);
        }

        if (FourBytes.Contains(id))
        {
            position += 4;
            return (long)BinaryPrimitives.ReadUInt32BigEndian(rest);
        }

        if (id == 0x0B)
        {
            long value = VariableByte(rest, out int bytesRead);
            position += bytesRead;
            return value;
        }

        if (Texts.Contains(id))
        {
            return Text(source, ref position);
        }

        if (id is 0x09 or 0x16)
        {
            return Convert.ToHexString(Binary(source, ref position));
        }

        Assert.True(id == 0x26, $"The broker sent the unknown property {id:X2}.");
        return Text(source, ref position) + "=" + Text(source, ref position);
    }

    private static string Text(ReadOnlySpan<byte> source, ref int position) => Encoding.UTF8.GetString(Binary(source, ref position));

    private static ReadOnlySpan<byte> Binary(ReadOnlySpan<byte> source, ref int position)
    {
        int length = BinaryPrimitives.ReadUInt16BigEndian(source[position..]);
        ReadOnlySpan<byte> value = source.Slice(position + 2, length);
        position += 2 + length;
        return value;
    }
}
