using System.Buffers.Binary;
using System.Text;
using Starling.Conformance.Wire;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Conformance.Tests.Scripted;

/// <summary>
/// Reads the fields of a packet of a client, strictly. Texts keep their bytes: each is a character, so that nothing is lost or changed on
/// the way through the server.
/// </summary>
internal sealed class FieldReader(byte[] bytes, Fault fault)
{
    private int _at;

    public bool IsAtEnd => _at == bytes.Length;

    public int Byte() => Take(1)[0];

    public int TwoByte() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    public int VariableByte()
    {
        int value = 0;
        for (int i = 0; i < 4; i++)
        {
            int next = Byte();
            value |= (next & 127) << (7 * i);
            if (next < 0x80)
            {
                Demand(i == 0 || next > 0 || fault == Fault.LongNumbersTolerated, ReasonCode.MalformedPacket);
                return value;
            }
        }

        throw new RefusalException(ReasonCode.MalformedPacket);
    }

    public byte[] Binary() => Take(TwoByte()).ToArray();

    /// <summary>A text.</summary>
    /// <param name="tolerance">The fault that lets any bytes stand in this field.</param>
    public string Text(Fault tolerance)
    {
        byte[] text = Binary();
        Demand(IsOn(tolerance) || TextRules.IsWellFormed(text, fault), ReasonCode.MalformedPacket);
        string characters = Encoding.Latin1.GetString(text);
        return fault == Fault.ByteOrderMarkDropped ? characters.Replace("\u00EF\u00BB\u00BF", "", StringComparison.Ordinal) : characters;
    }

    public byte[] Rest() => Take(bytes.Length - _at).ToArray();

    /// <summary>Nothing may be left.</summary>
    /// <param name="tolerance">The fault that lets bytes stand there.</param>
    public void End(Fault tolerance) => Demand(IsAtEnd || IsOn(tolerance), ReasonCode.MalformedPacket);

    public int Identifier(Fault tolerance)
    {
        int identifier = TwoByte();
        Demand(identifier > 0 || IsOn(tolerance), ReasonCode.ProtocolError);
        return identifier;
    }

    public PropertyList Properties(PacketType packet)
    {
        int length = VariableByte();
        if (fault == Fault.PropertyLengthOverrunTolerated)
        {
            length = Math.Min(length, bytes.Length - _at);
        }

        FieldReader block = new(Take(length).ToArray(), fault);
        List<WireProperty> properties = [];
        while (!block.IsAtEnd)
        {
            if (block.Property(packet, properties) is { } property)
            {
                properties.Add(property);
            }
        }

        return new PropertyList(properties);
    }

    private WireProperty? Property(PacketType packet, List<WireProperty> before)
    {
        PropertyId id = (PropertyId)VariableByte();
        if (!WirePropertyTable.IsKnown(id) && fault == Fault.UnknownPropertyTolerated)
        {
            Rest();
            return null;
        }

        Demand(WirePropertyTable.IsKnown(id), ReasonCode.MalformedPacket);
        bool isPlaced = WirePropertyTable.IsAllowed(id, packet) && !IsOfServer(id, packet);
        Demand(isPlaced || fault == Fault.MisplacedPropertyTolerated || IsTolerated(id, packet), ReasonCode.ProtocolError);
        bool isRepeat = id != PropertyId.UserProperty && before.Exists(other => other.Id == id);
        if (isRepeat && fault != Fault.RepeatedPropertyTolerated)
        {
            throw new RefusalException(ReasonCode.ProtocolError) { IsConnectionKept = fault == Fault.RepeatedPropertyErrorKept };
        }

        int begin = _at;
        SkipValue(id);
        WireProperty property = new(id, bytes[begin.._at]);
        PropertyRanges.Demand(property, fault);
        return isPlaced ? property : null;
    }

    private bool IsTolerated(PropertyId id, PacketType packet) =>
        fault == Fault.SubscriptionIdentifierOfClientTolerated && packet == PacketType.Publish && id == PropertyId.SubscriptionIdentifier;

    private static bool IsOfServer(PropertyId id, PacketType packet) => (id, packet) is
        (PropertyId.SubscriptionIdentifier, PacketType.Publish) or (PropertyId.ServerReference, PacketType.Disconnect);

    private void SkipValue(PropertyId id)
    {
        switch (WirePropertyTable.KindOf(id))
        {
            case WirePropertyKind.Byte:
                Take(1);
                break;
            case WirePropertyKind.TwoByte:
                Take(2);
                break;
            case WirePropertyKind.FourByte:
                Take(4);
                break;
            case WirePropertyKind.VariableByte:
                VariableByte();
                break;
            case WirePropertyKind.Binary:
                Binary();
                break;
            case WirePropertyKind.Text:
                Text(ToleranceOf(id));
                break;
            default:
                Text(Fault.IllFormedUserPropertyNameTolerated);
                Text(Fault.IllFormedUserPropertyValueTolerated);
                break;
        }
    }

    private static Fault ToleranceOf(PropertyId id) => id switch
    {
        PropertyId.ContentType => Fault.IllFormedContentTypeTolerated,
        PropertyId.ResponseTopic => Fault.IllFormedResponseTopicTolerated,
        PropertyId.ReasonString => Fault.IllFormedReasonStringTolerated,
        _ => Fault.None,
    };

    private bool IsOn(Fault tolerance) => tolerance != Fault.None && fault == tolerance;

    private ReadOnlySpan<byte> Take(int count)
    {
        Demand(count <= bytes.Length - _at, ReasonCode.MalformedPacket);
        _at += count;
        return bytes.AsSpan(_at - count, count);
    }

    private static void Demand(bool condition, ReasonCode reason)
    {
        if (!condition)
        {
            throw new RefusalException(reason);
        }
    }
}
