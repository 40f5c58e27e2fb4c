using System.Buffers.Binary;
using Starling.CommitLog;

namespace Starling.Storage.Records;

/// <summary>Gathers records whose length is not known before, for files that are written in pieces. Grows and is used again.</summary>
internal sealed class RecordBuffer
{
    private byte[] _bytes = new byte[16 << 10];
    private int _start;

    /// <summary>Bytes of all records, also of the one that is being written.</summary>
    public int Length { get; private set; }

    /// <summary>Bytes of the record that is being written.</summary>
    public int RecordLength => Length - _start;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    /// <summary>Begins a record; what is written next is its content.</summary>
    public void Begin()
    {
        _start = Length;
        Take(RecordFormat.HeaderBytes).Clear();
    }

    /// <summary>Ends the record that was begun.</summary>
    public void End(RecordType type, ulong id, int keyLengthBytes, int count)
    {
        int length = Length - _start;
        Take(RecordFormat.Padded(length) - length);
        Span<byte> record = _bytes.AsSpan(_start, Length - _start);
        new RecordHeader((byte)type, 0, (ushort)keyLengthBytes, (uint)count, id).Write(record);
        RecordFormat.Seal(record, length);
    }

    public void Write(byte value) => Take(1)[0] = value;

    public void Write(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Take(2), value);

    public void Write(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Take(4), value);

    public void Write(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Take(8), value);

    public void Write(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(8), value);

    public void Write(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    private Span<byte> Take(int count)
    {
        if (count > _bytes.Length - Length)
        {
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, Length + count));
        }

        Length += count;
        return _bytes.AsSpan(Length - count, count);
    }
}
