using System.Buffers.Binary;

namespace Starling.Storage.Records;

/// <summary>
/// Reads little-endian values one after the other. Past the end it gives zeros and remembers that, so that a decoder asks once.
/// </summary>
internal ref struct ByteReader(ReadOnlySpan<byte> source)
{
    private ReadOnlySpan<byte> _rest = source;

    /// <summary>Whether more was read than there is.</summary>
    public bool IsOverrun { get; private set; }

    /// <summary>What was not read yet.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    public byte ReadByte() => Read(1) is [byte value] ? value : (byte)0;

    public ushort ReadUInt16() => Read(2) is { Length: 2 } bytes ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : (ushort)0;

    public uint ReadUInt32() => Read(4) is { Length: 4 } bytes ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : 0;

    public ulong ReadUInt64() => Read(8) is { Length: 8 } bytes ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : 0;

    public long ReadInt64() => unchecked((long)ReadUInt64());

    /// <summary>The next bytes in place; empty when there are fewer.</summary>
    public ReadOnlySpan<byte> Read(long count)
    {
        if ((ulong)count > (ulong)_rest.Length)
        {
            IsOverrun = true;
            _rest = default;
            return default;
        }

        ReadOnlySpan<byte> bytes = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return bytes;
    }
}
