using System.Buffers.Binary;

namespace Starling.CommitLog;

/// <summary>
/// The 48 bytes before the records of one commit, little-endian: magic, checksum of what follows it, length, number of records, LSN,
/// segment, store, time. Segment and store make sure that what an earlier life of a recycled file left behind is never taken for a frame.
/// </summary>
/// <param name="LengthBytes">Header and records.</param>
/// <param name="RecordCount">The number of records.</param>
/// <param name="Lsn">The log sequence number: one more than that of the frame before.</param>
/// <param name="SegmentId">The segment that it was written to.</param>
/// <param name="StorePrefix">The first 8 bytes of the identifier of the store.</param>
/// <param name="UtcMilliseconds">When it was committed: milliseconds since 1970 in UTC.</param>
public readonly record struct FrameHeader(
    int LengthBytes, int RecordCount, ulong Lsn, ulong SegmentId, ulong StorePrefix, long UtcMilliseconds)
{
    /// <summary>The bytes of a header.</summary>
    public const int Bytes = 48;

    private const int ChecksumOffset = 4;
    private const int CoveredOffset = 8;

    /// <summary>What every frame begins with: <c>SFL1</c>.</summary>
    public static ReadOnlySpan<byte> Magic => "SFL1"u8;

    /// <summary>Writes the header into the first <see cref="Bytes"/>.</summary>
    public void Write(Span<byte> frame)
    {
        Magic.CopyTo(frame);
        BinaryPrimitives.WriteInt32LittleEndian(frame[8..], LengthBytes);
        BinaryPrimitives.WriteInt32LittleEndian(frame[12..], RecordCount);
        BinaryPrimitives.WriteUInt64LittleEndian(frame[16..], Lsn);
        BinaryPrimitives.WriteUInt64LittleEndian(frame[24..], SegmentId);
        BinaryPrimitives.WriteUInt64LittleEndian(frame[32..], StorePrefix);
        BinaryPrimitives.WriteInt64LittleEndian(frame[40..], UtcMilliseconds);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[ChecksumOffset..], Crc32C.Compute(frame[CoveredOffset..Bytes]));
    }

    /// <summary>Reads a header whose magic, checksum and length are right; its records are not looked at.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out FrameHeader header)
    {
        header = default;
        if (source.Length < Bytes
            || !source.StartsWith(Magic)
            || BinaryPrimitives.ReadUInt32LittleEndian(source[ChecksumOffset..]) != Crc32C.Compute(source[CoveredOffset..Bytes]))
        {
            return false;
        }

        header = ReadFields(source);
        return header.LengthBytes >= Bytes && header.LengthBytes % 8 == 0 && header.RecordCount >= 0;
    }

    /// <summary>The fields, whatever the checksum says.</summary>
    internal static FrameHeader ReadFields(ReadOnlySpan<byte> source) => new(
        BinaryPrimitives.ReadInt32LittleEndian(source[8..]),
        BinaryPrimitives.ReadInt32LittleEndian(source[12..]),
        BinaryPrimitives.ReadUInt64LittleEndian(source[16..]),
        BinaryPrimitives.ReadUInt64LittleEndian(source[24..]),
        BinaryPrimitives.ReadUInt64LittleEndian(source[32..]),
        BinaryPrimitives.ReadInt64LittleEndian(source[40..]));
}
