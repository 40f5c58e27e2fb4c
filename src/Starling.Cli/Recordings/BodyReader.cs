using System.Buffers.Binary;
using System.Text;

namespace Starling.Cli.Recordings;

/// <summary>Takes values off the front of a body; a body that is too short gives empty values, and <see cref="IsShort"/>.</summary>
internal ref struct BodyReader(ReadOnlySpan<byte> body)
{
    private ReadOnlySpan<byte> _rest = body;

    /// <summary>Whether something was asked for that is not there.</summary>
    public bool IsShort { get; private set; }

    public string Text(Encoding encoding) => encoding.GetString(Take(UInt16()));

    public byte[] Bytes() => Take(UInt16()).ToArray();

    public uint UInt32() => Take(sizeof(uint)) is { Length: sizeof(uint) } bytes ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : 0;

    public long Int64() => Take(sizeof(long)) is { Length: sizeof(long) } bytes ? BinaryPrimitives.ReadInt64LittleEndian(bytes) : 0;

    /// <summary>All that is left.</summary>
    public byte[] Rest() => Take(_rest.Length).ToArray();

    private int UInt16() => Take(sizeof(ushort)) is { Length: sizeof(ushort) } bytes ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : 0;

    private ReadOnlySpan<byte> Take(int count)
    {
        if (_rest.Length < count)
        {
            IsShort = true;
            _rest = [];
            return [];
        }

        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
