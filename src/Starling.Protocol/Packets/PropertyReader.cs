namespace Starling.Protocol.Packets;

/// <summary>Reads the properties of a block one by one, in the order in which they stand.</summary>
/// <param name="block">The block without its length.</param>
public ref struct PropertyReader(ReadOnlySpan<byte> block)
{
    private FieldReader _fields = new(block, MqttVersion.V5);

    /// <summary>The bytes that have not been read yet.</summary>
    public readonly ReadOnlySpan<byte> Rest => _fields.Rest;

    /// <summary>What is wrong when <see cref="TryRead"/> was false before the end; never set for a block of a packet that was read.</summary>
    public readonly ProtocolViolation Violation => _fields.Violation;

    /// <summary>Reads one entry. False at the end of the block, and at an entry that breaks the format.</summary>
    public bool TryRead(out PropertyEntry entry)
    {
        entry = default;
        if (_fields.Rest.IsEmpty || !_fields.TryReadByte(out byte first))
        {
            return false;
        }

        PropertyId id = (PropertyId)first;
        return PropertyTable.KindOf(id) switch
        {
            PropertyKind.Byte => TryReadByte(id, out entry),
            PropertyKind.TwoByteInteger => TryReadTwoBytes(id, out entry),
            PropertyKind.FourByteInteger => TryReadFourBytes(id, out entry),
            PropertyKind.VariableByteInteger => TryReadVariable(id, out entry),
            PropertyKind.Text => TryReadText(id, out entry),
            PropertyKind.Binary => TryReadBinary(id, out entry),
            PropertyKind.TextPair => TryReadPair(id, out entry),
            _ => _fields.Fail(ReasonCode.MalformedPacket, "U5-06"),
        };
    }

    private bool TryReadByte(PropertyId id, out PropertyEntry entry)
    {
        bool isRead = _fields.TryReadByte(out byte number);
        entry = new PropertyEntry { Id = id, Number = number };
        return isRead;
    }

    private bool TryReadTwoBytes(PropertyId id, out PropertyEntry entry)
    {
        bool isRead = _fields.TryReadUInt16(out ushort number);
        entry = new PropertyEntry { Id = id, Number = number };
        return isRead;
    }

    private bool TryReadFourBytes(PropertyId id, out PropertyEntry entry)
    {
        bool isRead = _fields.TryReadUInt32(out uint number);
        entry = new PropertyEntry { Id = id, Number = number };
        return isRead;
    }

    private bool TryReadVariable(PropertyId id, out PropertyEntry entry)
    {
        bool isRead = _fields.TryReadVariableByteInteger(out uint number);
        entry = new PropertyEntry { Id = id, Number = number };
        return isRead;
    }

    private bool TryReadText(PropertyId id, out PropertyEntry entry)
    {
        bool isRead = _fields.TryReadText(out ReadOnlySpan<byte> value);
        entry = new PropertyEntry { Id = id, Value = value };
        return isRead;
    }

    private bool TryReadBinary(PropertyId id, out PropertyEntry entry)
    {
        bool isRead = _fields.TryReadBinary(out ReadOnlySpan<byte> value);
        entry = new PropertyEntry { Id = id, Value = value };
        return isRead;
    }

    // Both halves are text [MQTT-1.5.7-1].
    private bool TryReadPair(PropertyId id, out PropertyEntry entry)
    {
        entry = default;
        if (!_fields.TryReadText(out ReadOnlySpan<byte> name) || !_fields.TryReadText(out ReadOnlySpan<byte> value))
        {
            return false;
        }

        entry = new PropertyEntry { Id = id, Name = name, Value = value };
        return true;
    }
}
