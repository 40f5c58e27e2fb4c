using System.Buffers.Binary;

namespace Starling.CommitLog;

/// <summary>
/// How records stand in a frame or a file: a header of 24 bytes (<see cref="RecordHeader"/>), the content, and zeros up to a multiple of
/// 8. Each record has a checksum of its own over what follows it, so that one can be read alone years later.
/// </summary>
public static class RecordFormat
{
    /// <summary>The bytes of a header.</summary>
    public const int HeaderBytes = 24;

    private const int ChecksumOffset = 4;
    private const int CoveredOffset = 8;

    /// <summary>The bytes that a record of this length takes.</summary>
    public static int Padded(int lengthBytes) => (lengthBytes + 7) & ~7;

    /// <summary>Writes length and checksum into a record that is complete otherwise, and zeros after it.</summary>
    /// <param name="target">The record and its padding.</param>
    /// <param name="lengthBytes">The length of the record: header and content, without the padding.</param>
    public static void Seal(Span<byte> target, int lengthBytes)
    {
        target[lengthBytes..].Clear();
        BinaryPrimitives.WriteInt32LittleEndian(target, lengthBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(target[ChecksumOffset..], Crc32C.Compute(target[CoveredOffset..lengthBytes]));
    }

    /// <summary>Looks at the record at the beginning of the bytes, and checks it.</summary>
    /// <param name="source">The record and what follows it.</param>
    /// <param name="lengthBytes">
    /// The length without the padding when the record is valid or its header is whole and truncated after it; otherwise 0. The next
    /// record stands <see cref="Padded"/> of it further on.
    /// </param>
    public static RecordStatus TryRead(ReadOnlySpan<byte> source, out int lengthBytes)
    {
        lengthBytes = 0;
        if (source.Length < HeaderBytes)
        {
            return RecordStatus.Truncated;
        }

        int length = LengthOf(source);
        if (length is < HeaderBytes or > int.MaxValue - 7)
        {
            return RecordStatus.Damaged;
        }

        if (Padded(length) > source.Length)
        {
            lengthBytes = length;
            return RecordStatus.Truncated;
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(source[ChecksumOffset..]) != Crc32C.Compute(source[CoveredOffset..length]))
        {
            return RecordStatus.Damaged;
        }

        lengthBytes = length;
        return RecordStatus.Valid;
    }

    /// <summary>The length, without its padding, of a record that is known to be valid.</summary>
    public static int LengthOf(ReadOnlySpan<byte> record) => BinaryPrimitives.ReadInt32LittleEndian(record);
}
