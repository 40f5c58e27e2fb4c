using System.Text;
using Starling.Conformance.Inspection;
using Starling.Conformance.Wire;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Conformance.Tests.Client.Wire;

/// <summary>A packet of the client, taken apart strictly.</summary>
internal sealed class ReceivedPacket
{
    private readonly List<Breach> _breaches = [];
    private readonly MqttVersion _version;

    private ReceivedPacket(MqttVersion version, byte firstByte, byte[] bytes)
    {
        _version = version;
        FirstByte = firstByte;
        Bytes = bytes;
    }

    public byte FirstByte { get; }

    /// <summary>The whole packet.</summary>
    public byte[] Bytes { get; }

    public PacketType Type => (PacketType)(FirstByte >> 4);

    public bool Duplicate => (FirstByte & 8) != 0;

    public int Qos => (FirstByte >> 1) & 3;

    public bool Retain => (FirstByte & 1) != 0;

    public int Identifier { get; private set; }

    public ReasonCode Reason { get; private set; }

    public string Topic { get; private set; } = "";

    public byte[] Payload { get; private set; } = [];

    public string Text => Encoding.UTF8.GetString(Payload);

    public IReadOnlyList<WireProperty> Properties { get; private set; } = [];

    /// <summary>The Topic Filters of SUBSCRIBE and UNSUBSCRIBE, with the options of SUBSCRIBE.</summary>
    public List<(string Filter, int Options)> Filters { get; } = [];

    public ReceivedConnect? Connect { get; private set; }

    /// <summary>What is wrong with it.</summary>
    public IReadOnlyList<Breach> Breaches => _breaches;

    public static ReceivedPacket Read(MqttVersion version, byte[] bytes, int bodyStart)
    {
        ReceivedPacket packet = new(version, bytes[0], bytes);
        List<Breach> fieldBreaches = [];
        WireReader reader = new(bytes.AsSpan(bodyStart), fieldBreaches, packet.Type.ToString());
        packet.ReadFields(ref reader);
        reader.End();
        packet._breaches.AddRange(fieldBreaches.Select(breach => breach with { Rule = ClientRules.Of(breach.Rule) }));
        packet.Check(bodyStart > 2 && bytes[bodyStart - 1] == 0, ClientRules.ShortestNumbers, "the Remaining Length");
        packet.CheckFields();
        return packet;
    }

    public bool Has(PropertyId id) => Properties.Any(property => property.Id == id);

    public long? Number(PropertyId id) => Properties.FirstOrDefault(property => property.Id == id)?.Number;

    public string? TextOf(PropertyId id) => Properties.FirstOrDefault(property => property.Id == id)?.Text;

    public override string ToString() => $"{Type} {Convert.ToHexString(Bytes.AsSpan(0, Math.Min(Bytes.Length, 60)))}";

    private void ReadFields(ref WireReader reader)
    {
        bool isV5 = _version == MqttVersion.V5;
        switch (Type)
        {
            case PacketType.Connect:
                (Connect, Properties) = ReceivedConnect.Read(ref reader);
                break;
            case PacketType.Publish:
                Topic = reader.Text("Topic Name");
                Identifier = Qos > 0 ? reader.Identifier() : 0;
                Properties = isV5 ? reader.Properties(Type) : [];
                Payload = reader.Rest().ToArray();
                break;
            case PacketType.Subscribe or PacketType.Unsubscribe:
                Identifier = reader.Identifier();
                Properties = isV5 ? reader.Properties(Type) : [];
                while (!reader.IsAtEnd)
                {
                    Filters.Add((reader.Text("Topic Filter"), Type == PacketType.Subscribe ? reader.Byte() : 0));
                }

                break;
            case PacketType.PubAck or PacketType.PubRec or PacketType.PubRel or PacketType.PubComp:
                Identifier = reader.Identifier();
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
        if (_version == MqttVersion.V5 && !reader.IsAtEnd)
        {
            Reason = (ReasonCode)reader.Byte();
            Properties = reader.IsAtEnd ? [] : reader.Properties(Type);
        }
    }

    private void CheckFields()
    {
        int flags = FirstByte & 15;
        bool isRequest = Type is PacketType.PubRel or PacketType.Subscribe or PacketType.Unsubscribe;
        Check(Type != PacketType.Publish && flags != (isRequest ? 2 : 0), ClientRules.Flags, $"first byte {FirstByte:X2}");
        bool isKnown = Type is not (PacketType.None or PacketType.ConnAck or PacketType.SubAck or PacketType.UnsubAck or PacketType.PingResp);
        Check(!isKnown, ClientRules.Direction, $"{Type} from a client");
        Check(Type == PacketType.Auth && _version != MqttVersion.V5, ClientRules.Direction, "AUTH before 5.0");
        if (Type == PacketType.Publish)
        {
            CheckPublish();
        }

        if (Type is PacketType.Subscribe or PacketType.Unsubscribe)
        {
            CheckFilters();
        }

        if (Connect is { } connect)
        {
            _breaches.AddRange(connect.Check());
        }

        if (_version == MqttVersion.V5 && ClientCodes.Find(Type) is { } table)
        {
            Check(!table.Codes.Contains((byte)Reason), table.Rule, $"{Type} with {(int)Reason:X2}");
        }

        bool hasServers = Type == PacketType.Disconnect && Has(PropertyId.ServerReference);
        Check(hasServers, ClientRules.PropertyPlaces, "DISCONNECT with a Server Reference");
    }

    private void CheckPublish()
    {
        Check(Qos == 3, ClientRules.PublishQos, "PUBLISH with both QoS bits");
        Check(Qos == 0 && Duplicate, ClientRules.Duplicate, "QoS 0 PUBLISH with DUP");
        Check(Topic.AsSpan().ContainsAny('+', '#'), ClientRules.TopicWildcards, $"PUBLISH to '{Topic}'");
        Check(Topic.Length == 0 && !Has(PropertyId.TopicAlias), ClientRules.EmptyTopic, "PUBLISH without a topic");
        Check(Has(PropertyId.SubscriptionIdentifier), ClientRules.SubscriptionIdentifier, "PUBLISH with a Subscription Identifier");
        Check(Number(PropertyId.TopicAlias) == 0, ClientRules.TopicAliasZero, "PUBLISH with Topic Alias 0");
        string? response = TextOf(PropertyId.ResponseTopic);
        Check(response is not null && response.AsSpan().ContainsAny('+', '#'), ClientRules.ResponseTopic, $"Response Topic '{response}'");
    }

    private void CheckFilters()
    {
        Check(Filters.Count == 0, ClientRules.NoFilter, $"{Type} without a filter");
        foreach ((string filter, int options) in Filters)
        {
            string[] levels = filter.Split('/');
            bool isShared = levels[0] == "$share";
            Check(filter.Length == 0, ClientRules.EmptyTopic, $"{Type} with an empty filter");
            Check(Array.Exists(levels, level => level.Contains('+') && level != "+"), ClientRules.SingleLevelWildcard, filter);
            Check(Array.Exists(levels, level => level.Contains('#') && level != "#"), ClientRules.MultiLevelWildcard, filter);
            Check(Array.IndexOf(levels, "#") is >= 0 and int at && at < levels.Length - 1, ClientRules.MultiLevelWildcard, filter);
            Check(
                _version == MqttVersion.V5 && isShared && (levels.Length < 3 || levels[1] is "" or "+" or "#" || (levels.Length == 3 && levels[2] == "")),
                ClientRules.ShareName,
                filter);
            Check(_version == MqttVersion.V5 && isShared && (options & 4) != 0, ClientRules.SharedNoLocal, filter);
            Check((options & 3) == 3 || (options >> 4) == 3, ClientRules.SubscriptionOptions, $"options {options:X2}");
            Check((options & (_version == MqttVersion.V5 ? 0xC0 : 0xFC)) != 0, ClientRules.SubscriptionOptions, $"options {options:X2}");
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
