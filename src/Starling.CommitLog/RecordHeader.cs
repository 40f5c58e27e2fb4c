using System.Buffers.Binary;

namespace Starling.CommitLog;

/// <summary>
/// The fields of the 24 bytes before each record that belong to the store: length, checksum (<see cref="RecordFormat.Seal"/> writes
/// these two), type, flags, key length, number of references, identifier. Little-endian.
/// </summary>
/// <param name="Type">The kind of the record.</param>
/// <param name="Flags">The highest bit: a reader that does not know the type may skip the record.</param>
/// <param name="KeyLengthBytes">The length of the key.</param>
/// <param name="ReferenceCount">The number of references.</param>
/// <param name="Id">The identifier.</param>
public readonly record struct RecordHeader(byte Type, byte Flags, ushort KeyLengthBytes, uint ReferenceCount, ulong Id)
{
    /// <summary>Writes the fields into the first <see cref="RecordFormat.HeaderBytes"/> of a record, which are sealed later.</summary>
    public void Write(Span<byte> record)
    {
        record[8] = Type;
        record[9] = Flags;
        BinaryPrimitives.WriteUInt16LittleEndian(record[10..], KeyLengthBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(record[12..], ReferenceCount);
        BinaryPrimitives.WriteUInt64LittleEndian(record[16..], Id);
    }

    /// <summary>The fields of a record, which has at least its header.</summary>
    public static RecordHeader Read(ReadOnlySpan<byte> record) => new(
        record[8],
        record[9],
        BinaryPrimitives.ReadUInt16LittleEndian(record[10..]),
        BinaryPrimitives.ReadUInt32LittleEndian(record[12..]),
        BinaryPrimitives.ReadUInt64LittleEndian(record[16..]));
}
