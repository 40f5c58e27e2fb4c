using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;
using Starling.Conformance.Inspection;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Conformance.Wire;

/// <summary>Reads the fields of one packet, strictly, and keeps what was wrong. Past the end it reads nothing more.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> source, List<Breach> breaches, string packetName)
{
    private ReadOnlySpan<byte> _rest = source;

    /// <summary>Whether a field went over the end: what is read from then on was never sent.</summary>
    private bool _isCut;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public byte Byte() => Take(1) is { Length: 1 } bytes ? bytes[0] : (byte)0;

    public int TwoByte() => Take(2) is { Length: 2 } bytes ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : 0;

    /// <summary>Everything that is left.</summary>
    public ReadOnlySpan<byte> Rest() => Take(_rest.Length);

    /// <summary>Binary data behind its length.</summary>
    public byte[] Binary() => Take(TwoByte()).ToArray();

    public string Text(string field)
    {
        ReadOnlySpan<byte> bytes = Take(TwoByte());
        CheckText(bytes, field);
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>The Packet Identifier, which is never 0.</summary>
    public int Identifier()
    {
        int identifier = TwoByte();
        if (identifier == 0 && !_isCut)
        {
            breaches.Add(new Breach(InspectionRules.Identifier, $"{packetName} has Packet Identifier 0"));
        }

        return identifier;
    }

    public List<WireProperty> Properties(PacketType packet)
    {
        List<WireProperty> properties = [];
        if (IsAtEnd && !_isCut)
        {
            breaches.Add(new Breach(InspectionRules.PropertyLength, $"{packetName} has no Property Length"));
            return properties;
        }

        ReadOnlySpan<byte> length = TakeVariableByte(out long lengthBytes);
        if (length.IsEmpty)
        {
            return properties;
        }

        WireReader block = new(Take((int)lengthBytes), breaches, packetName);
        while (!block.IsAtEnd && block.Property(packet) is { } property)
        {
            if (!WirePropertyTable.MayRepeat(property.Id, packet) && properties.Exists(other => other.Id == property.Id))
            {
                breaches.Add(new Breach(InspectionRules.PropertyRepeats, $"{packetName} has {property.Id} twice"));
            }

            properties.Add(property);
        }

        return properties;
    }

    /// <summary>Nothing may be left.</summary>
    public readonly void End()
    {
        if (!_rest.IsEmpty)
        {
            breaches.Add(new Breach(InspectionRules.Fields, $"{packetName} has {_rest.Length} bytes after its last field"));
        }
    }

    private WireProperty? Property(PacketType packet)
    {
        PropertyId id = (PropertyId)Byte();
        if (!WirePropertyTable.IsAllowed(id, packet))
        {
            breaches.Add(new Breach(InspectionRules.PropertyPlaces, $"{packetName} has property {(int)id:X2}"));
        }

        if (!WirePropertyTable.IsKnown(id))
        {
            return null;
        }

        ReadOnlySpan<byte> value = WirePropertyTable.KindOf(id) switch
        {
            WirePropertyKind.Byte => Take(1),
            WirePropertyKind.TwoByte => Take(2),
            WirePropertyKind.FourByte => Take(4),
            WirePropertyKind.VariableByte => TakeVariableByte(out _),
            WirePropertyKind.Binary => TakeField(),
            WirePropertyKind.Text => TakeText($"{id}"),
            _ => TakePair($"{id}"),
        };
        return value.IsEmpty || _isCut ? null : new WireProperty(id, value.ToArray());
    }

    private ReadOnlySpan<byte> TakeField()
    {
        ReadOnlySpan<byte> all = _rest;
        Take(TwoByte());
        return all[..(all.Length - _rest.Length)];
    }

    private ReadOnlySpan<byte> TakeText(string field)
    {
        ReadOnlySpan<byte> bytes = TakeField();
        if (!_isCut)
        {
            CheckText(bytes[2..], field);
        }

        return bytes;
    }

    private ReadOnlySpan<byte> TakePair(string field)
    {
        ReadOnlySpan<byte> all = _rest;
        TakeText(field);
        TakeText(field);
        return all[..(all.Length - _rest.Length)];
    }

    private ReadOnlySpan<byte> TakeVariableByte(out long value)
    {
        value = 0;
        int length = 0;
        byte next = 0x80;
        ReadOnlySpan<byte> all = _rest;
        while (next >= 0x80 && length < 4 && !_rest.IsEmpty)
        {
            next = Byte();
            value |= (long)(next & 127) << (7 * length++);
        }

        if (next >= 0x80)
        {
            Cut("has a number without an end");
            return [];
        }

        if (length > 1 && next == 0)
        {
            breaches.Add(new Breach(InspectionRules.ShortestNumbers, $"{packetName} writes {value} in {length} bytes"));
        }

        return all[..length];
    }

    private ReadOnlySpan<byte> Take(int lengthBytes)
    {
        if (lengthBytes > _rest.Length)
        {
            Cut("ends within a field");
            return [];
        }

        ReadOnlySpan<byte> taken = _rest[..lengthBytes];
        _rest = _rest[lengthBytes..];
        return taken;
    }

    private void Cut(string how)
    {
        if (!_isCut)
        {
            breaches.Add(new Breach(InspectionRules.Fields, $"{packetName} {how}"));
        }

        _isCut = true;
        _rest = [];
    }

    private readonly void CheckText(ReadOnlySpan<byte> bytes, string field)
    {
        if (!Utf8.IsValid(bytes))
        {
            breaches.Add(new Breach(InspectionRules.Text, $"{packetName} has a {field} that is no valid text: {Convert.ToHexString(bytes)}"));
        }

        if (bytes.Contains((byte)0))
        {
            breaches.Add(new Breach(InspectionRules.NullCharacters, $"{packetName} has a {field} with U+0000: {Convert.ToHexString(bytes)}"));
        }
    }
}
