using System.Text;
using Starling.Conformance.Inspection;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Conformance.Wire;

/// <summary>A packet from the server, taken apart.</summary>
internal sealed class WirePacket
{
    private readonly List<Breach> _breaches = [];

    private WirePacket(MqttVersion version, byte firstByte, int sizeBytes)
    {
        Version = version;
        FirstByte = firstByte;
        SizeBytes = sizeBytes;
    }

    public MqttVersion Version { get; }

    public byte FirstByte { get; }

    public PacketType Type => (PacketType)(FirstByte >> 4);

    /// <summary>The whole packet with its fixed header.</summary>
    public int SizeBytes { get; }

    public bool Duplicate => (FirstByte & 8) != 0;

    public int Qos => (FirstByte >> 1) & 3;

    public bool Retain => (FirstByte & 1) != 0;

    /// <summary>The flags of CONNACK.</summary>
    public int ConnAckFlags { get; private set; }

    public bool SessionPresent => (ConnAckFlags & 1) != 0;

    public int Identifier { get; private set; }

    /// <summary>The Reason Code, or the return code of a CONNACK of 3.x; 0 when the packet has none.</summary>
    public ReasonCode Reason { get; private set; }

    /// <summary>The codes of SUBACK and UNSUBACK.</summary>
    public byte[] Codes { get; private set; } = [];

    public string Topic { get; private set; } = "";

    public byte[] Payload { get; private set; } = [];

    /// <summary>The payload as UTF-8.</summary>
    public string Text => Encoding.UTF8.GetString(Payload);

    public IReadOnlyList<WireProperty> Properties { get; private set; } = [];

    /// <summary>What is wrong with it.</summary>
    public IReadOnlyList<Breach> Breaches => _breaches;

    public static WirePacket Read(MqttVersion version, byte firstByte, ReadOnlySpan<byte> body, int lengthFieldBytes, bool isShortest)
    {
        WirePacket packet = new(version, firstByte, 1 + lengthFieldBytes + body.Length);
        if (!isShortest)
        {
            packet._breaches.Add(new Breach(InspectionRules.ShortestNumbers, $"{packet.Type} writes its length in {lengthFieldBytes} bytes"));
        }

        WireReader reader = new(body, packet._breaches, packet.Type.ToString());
        packet.ReadFields(ref reader);
        reader.End();
        packet.Check();
        return packet;
    }

    /// <summary>Whether it has the property.</summary>
    public bool Has(PropertyId id) => Properties.Any(property => property.Id == id);

    /// <summary>The number in a property; null when it is absent.</summary>
    public long? Number(PropertyId id) => Properties.FirstOrDefault(property => property.Id == id)?.Number;

    /// <summary>The text in a property; null when it is absent.</summary>
    public string? TextOf(PropertyId id) => Properties.FirstOrDefault(property => property.Id == id)?.Text;

    /// <summary>All numbers with this identifier, in order.</summary>
    public IReadOnlyList<long> Numbers(PropertyId id) => [.. Properties.Where(property => property.Id == id).Select(property => property.Number)];

    public override string ToString()
    {
        StringBuilder text = new($"{Type}");
        switch (Type)
        {
            case PacketType.Publish:
                text.Append($" '{Topic}' QoS {Qos}{(Duplicate ? " DUP" : "")}{(Retain ? " RETAIN" : "")} identifier {Identifier} ({Payload.Length} bytes)");
                break;
            case PacketType.SubAck or PacketType.UnsubAck:
                text.Append($" identifier {Identifier} codes {Convert.ToHexString(Codes)}");
                break;
            case PacketType.ConnAck or PacketType.Disconnect or PacketType.Auth:
                text.Append($" {(int)Reason:X2}{(SessionPresent ? " session present" : "")}");
                break;
            case PacketType.PubAck or PacketType.PubRec or PacketType.PubRel or PacketType.PubComp:
                text.Append($" identifier {Identifier} {(int)Reason:X2}");
                break;
            default:
                break;
        }

        return text.ToString();
    }

    private bool HasProperties => Version == MqttVersion.V5;

    private void ReadFields(ref WireReader reader)
    {
        switch (Type)
        {
            case PacketType.ConnAck:
                ConnAckFlags = reader.Byte();
                Reason = (ReasonCode)reader.Byte();
                Properties = HasProperties ? reader.Properties(Type) : [];
                break;
            case PacketType.Publish:
                Topic = reader.Text("Topic Name");
                Identifier = Qos > 0 ? reader.Identifier() : 0;
                Properties = HasProperties ? reader.Properties(Type) : [];
                Payload = reader.Rest().ToArray();
                break;
            case PacketType.SubAck or PacketType.UnsubAck:
                Identifier = reader.TwoByte();
                Properties = HasProperties ? reader.Properties(Type) : [];
                Codes = Type == PacketType.SubAck || HasProperties ? reader.Rest().ToArray() : [];
                break;
            case PacketType.PubAck or PacketType.PubRec or PacketType.PubRel or PacketType.PubComp:
                Identifier = reader.TwoByte();
                ReadReason(ref reader);
                break;
            case PacketType.Disconnect or PacketType.Auth:
                ReadReason(ref reader);
                break;
            default:
                break;
        }
    }

    private void ReadReason(ref WireReader reader)
    {
        if (HasProperties && !reader.IsAtEnd)
        {
            Reason = (ReasonCode)reader.Byte();
            Properties = reader.IsAtEnd ? [] : reader.Properties(Type);
        }
    }

    private void Check()
    {
        int flags = FirstByte & 15;
        if (Type == PacketType.Publish)
        {
            Check(Qos == 3, InspectionRules.PublishQos, "PUBLISH with both QoS bits set");
            Check(Qos == 0 && Duplicate, InspectionRules.Duplicate, "QoS 0 PUBLISH with DUP");
            Check(
                Topic.Length == 0 && _breaches.Count == 0 && !Has(PropertyId.TopicAlias),
                InspectionRules.TopicLength,
                "PUBLISH without a Topic Name or a Topic Alias");
            Check(Topic.AsSpan().ContainsAny('+', '#'), InspectionRules.TopicWildcards, $"PUBLISH on '{Topic}'");
            Check(Number(PropertyId.TopicAlias) == 0, InspectionRules.TopicAliasZero, "PUBLISH with Topic Alias 0");
        }
        else
        {
            Check(flags != (Type == PacketType.PubRel ? 2 : 0), InspectionRules.Flags, $"first byte {FirstByte:X2}");
        }

        if (Type == PacketType.ConnAck)
        {
            // In 3.1 no bit means anything [MQTT31-4].
            int reserved = Version == MqttVersion.V31 ? 0xFF : 0xFE;
            Check((ConnAckFlags & reserved) != 0, InspectionRules.ConnAckFlags, $"CONNACK with flags {ConnAckFlags:X2}");
            Check(Reason != 0 && SessionPresent, InspectionRules.RefusedSessionPresent, $"CONNACK {(int)Reason:X2} with Session Present");
        }

        Check(Type == PacketType.Disconnect && Has(PropertyId.SessionExpiryInterval), InspectionRules.DisconnectExpiry, ToString());
        if (CodeTable.Find(Type, Version) is { } table)
        {
            byte[] codes = Type is PacketType.SubAck or PacketType.UnsubAck ? Codes : [(byte)Reason];
            Check(!codes.All(code => table.Codes.Contains(code)), table.Rule, ToString());
        }
    }

    private void Check(bool isBreach, InspectionRule rule, string what)
    {
        if (isBreach)
        {
            _breaches.Add(new Breach(rule, what));
        }
    }
}
