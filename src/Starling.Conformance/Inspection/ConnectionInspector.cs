using Starling.Conformance.Wire;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Conformance.Inspection;

/// <summary>Follows one connection and holds every packet against the rules, its own and those of the connection.</summary>
internal sealed class ConnectionInspector(InspectionLog log)
{
    private ConnectFields? _fields;
    private bool _isAccepted;
    private bool _hasConnAck;
    private bool _hasDisconnect;

    /// <summary>What the client has asked for; null until a well-formed CONNECT was sent.</summary>
    public void OnConnect(ConnectFields fields) => _fields = fields;

    public void OnPacket(WirePacket packet)
    {
        log.Count(packet.Type);
        foreach (Breach breach in IsRefusalOfVersion(packet) ? [] : packet.Breaches)
        {
            log.Add(breach);
        }

        bool isConnAck = packet.Type == PacketType.ConnAck;
        bool isOpen = packet.Version == MqttVersion.V5 ? _isAccepted : _hasConnAck;
        Check(
            !isOpen && !isConnAck && (packet.Type != PacketType.Auth || packet.Version != MqttVersion.V5),
            InspectionRules.ConnAckFirst,
            $"{packet} came before the CONNACK that accepts");
        Check(!_isAccepted && packet.Type == PacketType.Disconnect, InspectionRules.EarlyDisconnect, $"{packet} came before that");
        Check(isConnAck && _hasConnAck, InspectionRules.OneConnAck, "a second CONNACK");
        Check(_hasDisconnect, InspectionRules.SilentAfterDisconnect, $"{packet} after DISCONNECT");
        _hasConnAck |= isConnAck;
        _isAccepted |= isConnAck && packet.Reason == ReasonCode.Success;
        _hasDisconnect |= packet.Type == PacketType.Disconnect;
        if (packet.Version == MqttVersion.V5 && _fields is not null)
        {
            CheckWishes(packet, _fields.Properties);
        }
    }

    private void CheckWishes(WirePacket packet, byte[] wishes)
    {
        WireReader reader = new(new ByteWriter().Block(wishes).ToArray(), [], "CONNECT");
        List<WireProperty> properties = reader.Properties(PacketType.Connect);
        long Wish(PropertyId id, long otherwise) => properties.Find(property => property.Id == id)?.Number ?? otherwise;

        Check(
            packet.SizeBytes > Wish(PropertyId.MaximumPacketSize, uint.MaxValue),
            InspectionRules.PacketSize,
            $"{packet} has {packet.SizeBytes} bytes");
        long aliasMaximum = Wish(PropertyId.TopicAliasMaximum, 0);
        Check(
            packet.Number(PropertyId.TopicAlias) > aliasMaximum,
            aliasMaximum == 0 ? InspectionRules.TopicAliasUnasked : InspectionRules.TopicAlias,
            $"Topic Alias {packet.Number(PropertyId.TopicAlias)}");
        Check(
            packet.Has(PropertyId.ResponseInformation) && Wish(PropertyId.RequestResponseInformation, 0) == 0,
            InspectionRules.ResponseInformation,
            $"{packet} with Response Information");
        bool mayExplain = Wish(PropertyId.RequestProblemInformation, 1) != 0
            || packet.Type is PacketType.ConnAck or PacketType.Publish or PacketType.Disconnect;
        Check(
            !mayExplain && (packet.Has(PropertyId.ReasonString) || packet.Has(PropertyId.UserProperty)),
            InspectionRules.ProblemInformation,
            $"{packet} with a Reason String or User Property");
    }

    /// <summary>A server that knows no such version may say so in the form of one that it knows: 20 02 00 01.</summary>
    private static bool IsRefusalOfVersion(WirePacket packet) =>
        packet is { Type: PacketType.ConnAck, Version: MqttVersion.V5, SizeBytes: 4, ConnAckFlags: 0, Reason: (ReasonCode)1 };

    private void Check(bool isBreach, InspectionRule rule, string what)
    {
        if (isBreach)
        {
            log.Add(new Breach(rule, what));
        }
    }
}
