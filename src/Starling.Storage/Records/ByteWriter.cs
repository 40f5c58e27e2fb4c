using System.Buffers.Binary;

namespace Starling.Storage.Records;

/// <summary>Writes little-endian values one after the other into a span that is known to be long enough.</summary>
internal ref struct ByteWriter(Span<byte> target)
{
    private readonly Span<byte> _target = target;

    public int Position { get; private set; }

    public void Write(byte value) => _target[Position++] = value;

    public void Write(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Take(2), value);

    public void Write(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Take(4), value);

    public void Write(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Take(8), value);

    public void Write(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(8), value);

    public void Write(scoped ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    /// <summary>The next bytes, to be written by the caller.</summary>
    public Span<byte> Take(int count)
    {
        Span<byte> place = _target.Slice(Position, count);
        Position += count;
        return place;
    }
}
