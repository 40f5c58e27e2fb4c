using Starling.Conformance.Wire;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Fuzz.Targets;

/// <summary>Good packets of both sides, to be made bad.</summary>
internal static class SamplePackets
{
    private static readonly byte[] MessageProperties =
    [
        .. Property.Sample(PropertyId.PayloadFormatIndicator), .. Property.MessageExpiryInterval(5), .. Property.Sample(PropertyId.ContentType),
        .. Property.Sample(PropertyId.ResponseTopic), .. Property.Sample(PropertyId.CorrelationData), .. Property.User("name", "value"),
    ];

    public static IReadOnlyList<byte[]> OfClients { get; } = [.. Versions.SelectMany(Client)];

    public static IReadOnlyList<byte[]> OfServers { get; } = [.. Versions.SelectMany(Server)];

    private static MqttVersion[] Versions => [MqttVersion.V31, MqttVersion.V311, MqttVersion.V5];

    private static IEnumerable<byte[]> Client(MqttVersion version)
    {
        bool isV5 = version == MqttVersion.V5;
        yield return PacketBytes.Connect(new ConnectFields(version, "c") { KeepAlive = 30 });
        yield return PacketBytes.Connect(new ConnectFields(version, "c")
        {
            CleanStart = false,
            Properties = [.. Property.SessionExpiryInterval(60), .. Property.ReceiveMaximum(2), .. Property.MaximumPacketSize(100), .. Property.TopicAliasMaximum(3)],
            Will = new WireWill("w", "gone") { Qos = 1, Retain = true, Properties = [.. Property.WillDelayInterval(3), .. MessageProperties] },
            UserName = "user",
            Password = [1, 2, 3],
        });
        yield return PacketBytes.Subscribe(version, 1, isV5 ? Property.SubscriptionIdentifier(3) : [], ("a/+/c", 2), ("$share/g/b/#", 1), ("t", 0));
        yield return PacketBytes.Unsubscribe(version, 2, "a/+/c", "t");
        yield return PacketBytes.PingReq;
        yield return PacketBytes.Disconnect;
        yield return PacketBytes.DisconnectWith(ReasonCode.DisconnectWithWill, Property.SessionExpiryInterval(9));
        yield return PacketBytes.Auth(ReasonCode.ContinueAuthentication, [.. Property.Text(PropertyId.AuthenticationMethod, "M"), .. Property.Data(PropertyId.AuthenticationData, [1])]);
        foreach (byte[] packet in Both(version))
        {
            yield return packet;
        }
    }

    private static IEnumerable<byte[]> Server(MqttVersion version)
    {
        bool isV5 = version == MqttVersion.V5;
        byte[] limits = [.. Property.ReceiveMaximum(2), .. Property.TopicAliasMaximum(3), .. Property.Number(PropertyId.ServerKeepAlive, 4)];
        yield return isV5 ? PacketBytes.Frame(0x20, new ByteWriter().TwoByte(0).Block(limits).ToArray()) : [0x20, 2, 0, 0];
        yield return PacketBytes.Frame(0x90, isV5 ? [0, 1, 0, 1] : [0, 1, 1]);
        yield return PacketBytes.Frame(0xB0, isV5 ? [0, 2, 0, 0] : [0, 2]);
        yield return [0xD0, 0];
        yield return PacketBytes.DisconnectWith(ReasonCode.ServerBusy, Property.Text(PropertyId.ReasonString, "busy"));
        foreach (byte[] packet in Both(version))
        {
            yield return packet;
        }
    }

    private static IEnumerable<byte[]> Both(MqttVersion version)
    {
        bool isV5 = version == MqttVersion.V5;
        yield return PacketBytes.Publish(version, new WireMessage("t", "zero"));
        yield return PacketBytes.Publish(version, new WireMessage("a/b/c", "one") { Qos = 1, Properties = MessageProperties }, 1);
        yield return PacketBytes.Publish(version, new WireMessage("t", "two") { Qos = 2, Retain = true }, 2);
        yield return PacketBytes.Publish(version, new WireMessage("alias", "x") { Properties = Property.TopicAlias(1) });
        yield return PacketBytes.Publish(version, new WireMessage(isV5 ? "" : "t", "x") { Qos = 1, Duplicate = true, Properties = Property.TopicAlias(1) }, 3);
        foreach (PacketType type in new[] { PacketType.PubAck, PacketType.PubRec, PacketType.PubRel, PacketType.PubComp })
        {
            yield return PacketBytes.Acknowledge(type, 1);
            yield return PacketBytes.Acknowledge(type, 2, type is PacketType.PubAck or PacketType.PubRec ? ReasonCode.NotAuthorized : ReasonCode.PacketIdentifierNotFound);
        }
    }
}
