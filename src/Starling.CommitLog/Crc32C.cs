using System.Buffers.Binary;
using System.Numerics;

namespace Starling.CommitLog;

/// <summary>The checksum of everything in a log: CRC-32C (Castagnoli), which processors compute.</summary>
public static class Crc32C
{
    /// <summary>The checksum of the bytes; that of <c>123456789</c> in ASCII is 0xE3069283.</summary>
    public static uint Compute(ReadOnlySpan<byte> source) => Append(0, source);

    /// <summary>The checksum of everything that <paramref name="crc"/> is the checksum of, followed by the bytes; 0 is that of nothing.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> source)
    {
        crc = ~crc;
        while (source.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(source));
            source = source[sizeof(ulong)..];
        }

        foreach (byte value in source)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }
}
