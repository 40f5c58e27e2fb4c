namespace Starling.Protocol.Packets;

/// <summary>Reads the properties of a block one by one, in the order in which they stand.</summary>
/// <param name="block">The block without its length.</param>
public ref struct PropertyReader(ReadOnlySpan<byte> block)
{
    private FieldReader _fields = new(block, MqttVersion.V5);

    /// <summary>The bytes that have not been read yet.</summary>
    public readonly ReadOnlySpan<byte> Rest => _fields.Rest;

    /// <summary>
    /// What is wrong when <see cref="TryRead"/> was false before the end; never set for a block of a packet that was read.
    /// </summary>
    public readonly ProtocolViolation Violation => _fields.Violation;

    /// <summary>Reads one entry. False at the end of the block, and at an entry that breaks the format.</summary>
    public bool TryRead(out PropertyEntry entry)
    {
        entry = default;
        if (_fields.Rest.IsEmpty || !_fields.TryReadByte(out byte first))
        {
            return false;
        }

        entry.Id = (PropertyId)first;
        switch (PropertyTable.KindOf(entry.Id))
        {
            case PropertyKind.Byte:
                bool isRead = _fields.TryReadByte(out byte one);
                entry.Number = one;
                return isRead;
            case PropertyKind.TwoByteInteger:
                isRead = _fields.TryReadUInt16(out ushort two);
                entry.Number = two;
                return isRead;
            case PropertyKind.FourByteInteger:
                isRead = _fields.TryReadUInt32(out uint four);
                entry.Number = four;
                return isRead;
            case PropertyKind.VariableByteInteger:
                isRead = _fields.TryReadVariableByteInteger(out uint number);
                entry.Number = number;
                return isRead;
            case PropertyKind.Binary:
                isRead = _fields.TryReadBinary(out ReadOnlySpan<byte> bytes);
                entry.Value = bytes;
                return isRead;
            case PropertyKind.Text:
                isRead = _fields.TryReadText(out ReadOnlySpan<byte> text);
                entry.Value = text;
                return isRead;
            case PropertyKind.TextPair:
                // Both halves are text [MQTT-1.5.7-1].
                if (!_fields.TryReadText(out ReadOnlySpan<byte> name) || !_fields.TryReadText(out text))
                {
                    return false;
                }

                entry.Name = name;
                entry.Value = text;
                return true;
            default:
                return _fields.Fail(ReasonCode.MalformedPacket, "U5-06");
        }
    }
}
