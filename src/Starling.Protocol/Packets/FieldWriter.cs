using System.Buffers.Binary;

namespace Starling.Protocol.Packets;

/// <summary>Puts the fields of one packet behind each other, or only counts their bytes, so that both follow the same code.</summary>
internal ref struct FieldWriter
{
    private readonly Span<byte> _destination;
    private readonly bool _isCounting;

    public FieldWriter(Span<byte> destination) => _destination = destination;

    private FieldWriter(bool isCounting) => _isCounting = isCounting;

    /// <summary>A writer that writes nothing.</summary>
    public static FieldWriter Counting => new(isCounting: true);

    public int Position { get; private set; }

    public void WriteByte(byte value)
    {
        if (!_isCounting)
        {
            _destination[Position] = value;
        }

        Position++;
    }

    public void WriteUInt16(ushort value)
    {
        if (!_isCounting)
        {
            BinaryPrimitives.WriteUInt16BigEndian(_destination[Position..], value);
        }

        Position += sizeof(ushort);
    }

    public void WriteVariableByteInteger(uint value) =>
        Position += _isCounting ? VariableByteInteger.GetByteCount(value) : VariableByteInteger.Write(_destination[Position..], value);

    public void WriteRaw(ReadOnlySpan<byte> bytes)
    {
        if (!_isCounting)
        {
            bytes.CopyTo(_destination[Position..]);
        }

        Position += bytes.Length;
    }

    /// <summary>Text or binary with its length in front.</summary>
    public void WriteBinary(ReadOnlySpan<byte> bytes)
    {
        WriteUInt16(checked((ushort)bytes.Length));
        WriteRaw(bytes);
    }

    public void WriteProperty(PropertyId id, uint? number)
    {
        if (number is uint value)
        {
            Position += _isCounting ? PropertyWriter.GetByteCount(id, value) : PropertyWriter.Write(_destination[Position..], id, value);
        }
    }

    public void WriteProperty(PropertyId id, bool? flag)
    {
        if (flag is bool value)
        {
            WriteProperty(id, value ? 1u : 0u);
        }
    }

    public void WriteProperty(PropertyId id, ReadOnlySpan<byte> value, bool isPresent)
    {
        if (isPresent)
        {
            WriteByte((byte)id);
            WriteBinary(value);
        }
    }

    /// <summary>Empty text means that the property is absent.</summary>
    public void WriteProperty(PropertyId id, ReadOnlySpan<byte> text) => WriteProperty(id, text, !text.IsEmpty);
}
