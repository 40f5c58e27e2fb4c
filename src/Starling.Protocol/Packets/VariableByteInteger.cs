using System.Buffers;

namespace Starling.Protocol.Packets;

/// <summary>The coding of lengths and Subscription Identifiers: 7 bits per byte, low group first, at most 4 bytes.</summary>
public static class VariableByteInteger
{
    /// <summary>The largest value.</summary>
    public const uint MaxValue = 268_435_455;

    /// <summary>The bytes of the largest coding.</summary>
    public const int BytesMax = 4;

    /// <summary>The bytes that <see cref="Write"/> needs for a value up to <see cref="MaxValue"/>: 1 to 4.</summary>
    public static int GetByteCount(uint value) => value switch
    {
        < 1u << 7 => 1,
        < 1u << 14 => 2,
        < 1u << 21 => 3,
        _ => 4,
    };

    /// <summary>Writes a value up to <see cref="MaxValue"/> in the fewest bytes [MQTT-1.5.5-1] and returns their number.</summary>
    public static int Write(Span<byte> destination, uint value)
    {
        int position = 0;
        while (value >= 0x80)
        {
            destination[position++] = (byte)(value | 0x80);
            value >>= 7;
        }

        destination[position++] = (byte)value;
        return position;
    }

    /// <summary>
    /// Reads a value. NeedMoreData when it is cut off, InvalidData when a fourth byte says that more follow [U5-02]. A coding that is
    /// longer than necessary is Done: whoever must refuse it compares <paramref name="bytesRead"/> with <see cref="GetByteCount"/>.
    /// </summary>
    public static OperationStatus TryRead(ReadOnlySpan<byte> source, out uint value, out int bytesRead)
    {
        value = 0;
        bytesRead = 0;
        for (int i = 0; i < BytesMax; i++)
        {
            if (i >= source.Length)
            {
                return OperationStatus.NeedMoreData;
            }

            value |= (source[i] & 0x7Fu) << (7 * i);
            if (source[i] < 0x80)
            {
                bytesRead = i + 1;
                return OperationStatus.Done;
            }
        }

        return OperationStatus.InvalidData;
    }
}
