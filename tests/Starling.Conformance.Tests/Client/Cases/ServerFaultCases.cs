using Starling.Client;
using Starling.Conformance.Tests.Client.Running;
using Starling.Conformance.Tests.Client.Wire;
using Starling.Conformance.Wire;
using Starling.Protocol;
using Starling.Protocol.Packets;
using static Starling.Conformance.Tests.Client.Running.ClientRun;

namespace Starling.Conformance.Tests.Client.Cases;

/// <summary>A server that breaks a rule of the protocol in a packet that can be read: the client says which and closes.</summary>
internal static class ServerFaultCases
{
    public static IReadOnlyList<ClientCase> All { get; } =
    [
        new("Packets that only a client sends end the connection", ["MQTT311-4.8.0-1", "MQTT-4.13.2-1"], ClientPackets),
        new("A second CONNACK ends the connection", ["MQTT311-4.8.0-1", "MQTT-4.13.2-1"], SecondConnAck),
        new("A packet before CONNACK ends the connection", ["MQTT311-4.8.0-1", "MQTT-4.13.2-1"], BeforeConnAck),
        new("A topic with wildcards ends the connection",
            ["MQTT-3.3.2-2", "MQTT-4.7.0-1", "MQTT311-3.3.2-2", "MQTT311-4.7.1-1", "MQTT311-4.8.0-1"], Wildcards),
        new("A topic of no characters ends the connection", ["MQTT-4.7.3-1", "U5-20", "MQTT311-4.7.3-1"], EmptyTopic),
        new("A Response Topic with wildcards ends the connection", ["MQTT-3.3.2-14"], ResponseTopic),
        new("A Topic Alias of 0, above the maximum or without a topic ends the connection", ["MQTT-3.3.2-8", "U5-21", "MQTT-4.13.2-1"], Aliases),
        new("A property that stands twice ends the connection", ["U5-07"], Twice),
        new("A limit of 0 in CONNACK ends the connection", ["U5-10", "U5-11"], ZeroLimits),
        new("Subscription Identifier 0 ends the connection", ["U5-27"], SubscriptionIdentifierZero),
        new("A Packet Identifier of 0 ends the connection", ["MQTT311-2.3.1-1", "MQTT-2.2.1-3"], IdentifierZero),
        new("An acknowledgement of the wrong kind ends the connection", ["MQTT-2.2.1-5", "MQTT311-2.3.1-6", "MQTT311-4.8.0-1"], WrongKind),
    ];

    private static void ClientPackets(ClientRun run) => Each(
        new (string Name, byte[] Bytes)[]
        {
            ("CONNECT", PacketBytes.Connect(new ConnectFields(run.Version, "c"))),
            ("SUBSCRIBE", PacketBytes.Subscribe(run.Version, 1, [], ("t", 0))),
            ("UNSUBSCRIBE", PacketBytes.Unsubscribe(run.Version, 1, "t")),
            ("PINGREQ", PacketBytes.PingReq),
        },
        packet => packet.Name,
        packet => RequireEnd(run, packet.Bytes, ReasonCode.ProtocolError));

    private static void SecondConnAck(ClientRun run) => RequireEnd(run, ServerBytes.ConnAck(run.Version), ReasonCode.ProtocolError);

    private static void BeforeConnAck(ClientRun run) => Each(
        new (string Name, byte[] Bytes)[]
        {
            ("PUBLISH", ServerBytes.Publish(run.Version, 0)),
            ("SUBACK", ServerBytes.SubAck(run.Version, 1, 0)),
            ("PUBACK", PacketBytes.Acknowledge(PacketType.PubAck, 1)),
            ("PINGRESP", ServerBytes.PingResp),
        },
        packet => packet.Name,
        packet =>
        {
            run.NewScript();
            run.Script.ConnAcks.Enqueue([.. packet.Bytes, .. ServerBytes.ConnAck(run.Version)]);
            Task connecting = run.NewClient().ConnectAsync().AsTask();
            run.WaitFor(() => run.Connections > 0 && run.Server.IsClosed, "the client closes the connection");
            run.WaitFor(() => connecting.IsCompleted, "the end of the attempt");
            Require(connecting.IsFaulted, "the attempt succeeded");
        });

    private static void Wildcards(ClientRun run) => Each(["+", "#", "a/+/b", "a/#", "a+", "#b"], topic => topic, topic =>
        RequireEnd(run, PacketBytes.Publish(run.Version, new WireMessage(topic, "x")), ReasonCode.TopicNameInvalid, ReasonCode.MalformedPacket));

    private static void EmptyTopic(ClientRun run) =>
        RequireEnd(run, PacketBytes.Publish(run.Version, new WireMessage("", "x")), ReasonCode.ProtocolError, ReasonCode.TopicNameInvalid);

    private static void ResponseTopic(ClientRun run) => Each(["+", "a/#"], topic => topic, topic =>
        RequireEnd(run, ServerBytes.Publish(run.Version, 0, 0, "x", Property.Text(PropertyId.ResponseTopic, topic)), ReasonCode.ProtocolError));

    private static void Aliases(ClientRun run)
    {
        RequireEnd(run, Alias("t", 0), ReasonCode.TopicAliasInvalid);
        RequireEnd(run, Alias("t", 65), ReasonCode.TopicAliasInvalid);
        RequireEnd(run, Alias("t", 65535), ReasonCode.TopicAliasInvalid);
        RequireEnd(run, Alias("", 1), ReasonCode.ProtocolError);
        static byte[] Alias(string topic, int alias) =>
            PacketBytes.Publish(MqttVersion.V5, new WireMessage(topic, "x") { Properties = Property.TopicAlias(alias) });
    }

    private static void Twice(ClientRun run)
    {
        PacketType[] types =
        [
            PacketType.Publish, PacketType.PubAck, PacketType.PubRec, PacketType.PubRel, PacketType.PubComp, PacketType.SubAck,
            PacketType.UnsubAck, PacketType.Disconnect,
        ];
        IEnumerable<(PacketType Type, PropertyId Id)> variants =
            from type in types
            from id in WirePropertyTable.All
            where WirePropertyTable.IsAllowed(id, type) && !WirePropertyTable.MayRepeat(id, type) && id != PropertyId.SessionExpiryInterval
            select (type, id);
        Each(variants, variant => $"{variant}", variant =>
        {
            byte[] properties = [.. Property.Sample(variant.Id), .. Property.Sample(variant.Id)];
            RequireEnd(run, WithProperties(variant.Type, properties), ReasonCode.ProtocolError);
        });
        Each(WirePropertyTable.All.Where(id => WirePropertyTable.IsAllowed(id, PacketType.ConnAck) && id != PropertyId.UserProperty), id => $"CONNACK {id}", id =>
            RequireRefusedConnAck(run, [.. Property.Sample(id), .. Property.Sample(id)]));
    }

    private static void ZeroLimits(ClientRun run)
    {
        RequireRefusedConnAck(run, Property.ReceiveMaximum(0));
        RequireRefusedConnAck(run, Property.MaximumPacketSize(0));
    }

    private static void SubscriptionIdentifierZero(ClientRun run) =>
        RequireEnd(run, ServerBytes.Publish(run.Version, 0, 0, "x", Property.SubscriptionIdentifier(0)), ReasonCode.ProtocolError);

    private static void IdentifierZero(ClientRun run)
    {
        RequireEnd(run, ServerBytes.Publish(run.Version, 1, 0), ReasonCode.ProtocolError, ReasonCode.MalformedPacket);
        RequireEnd(run, ServerBytes.Publish(run.Version, 2, 0), ReasonCode.ProtocolError, ReasonCode.MalformedPacket);
    }

    private static void WrongKind(ClientRun run)
    {
        Each([(1, PacketType.PubRec), (1, PacketType.PubComp), (2, PacketType.PubAck), (2, PacketType.PubComp)], variant => $"{variant}", variant =>
        {
            (int qos, PacketType type) = variant;
            run.NewScript();
            run.Script.Silent.Add(PacketType.Publish);
            MqttClient client = run.Connect();
            _ = Publish(client, qos);
            int identifier = run.Expect(PacketType.Publish).Identifier;
            RequireEndOf(run, PacketBytes.Acknowledge(type, identifier), ReasonCode.ProtocolError);
        });
        run.NewScript();
        run.Script.Silent.Add(PacketType.Subscribe);
        run.Connect().Subscribe("t");
        RequireEndOf(run, PacketBytes.Acknowledge(PacketType.PubAck, run.Expect(PacketType.Subscribe).Identifier), ReasonCode.ProtocolError);
    }

    private static byte[] WithProperties(PacketType type, byte[] properties) => type switch
    {
        PacketType.Publish => ServerBytes.Publish(MqttVersion.V5, 0, 0, "x", properties),
        PacketType.SubAck or PacketType.UnsubAck => PacketBytes.Frame((int)type << 4, new ByteWriter().TwoByte(1).Block(properties).Byte(0).ToArray()),
        PacketType.Disconnect => PacketBytes.DisconnectWith(ReasonCode.ServerBusy, properties),
        _ => PacketBytes.Frame(
            ((int)type << 4) | (type == PacketType.PubRel ? 2 : 0), new ByteWriter().TwoByte(1).Byte(0).Block(properties).ToArray()),
    };

    private static void RequireRefusedConnAck(ClientRun run, byte[] properties)
    {
        run.NewScript();
        run.Script.ConnAcks.Enqueue(ServerBytes.ConnAck(run.Version, false, 0, properties));
        Task connecting = run.NewClient().ConnectAsync().AsTask();
        run.WaitFor(() => run.Connections > 0 && run.Server.IsClosed, "the client closes the connection");
        run.WaitFor(() => connecting.IsCompleted, "the end of the attempt");
        Require(connecting.IsFaulted, "the attempt succeeded");
    }

    private static void RequireEnd(ClientRun run, byte[] bytes, params ReasonCode[] reasons)
    {
        run.NewScript();
        run.Connect();
        RequireEndOf(run, bytes, reasons);
    }

    /// <summary>The client ends the connection: in 5.0 it says why, in 3.x there is nothing to say.</summary>
    public static void RequireEndOf(ClientRun run, byte[] bytes, params ReasonCode[] reasons)
    {
        ServerSide server = run.Server;
        int packets = server.Received.Count;
        run.Send([.. bytes, .. ServerBytes.Publish(run.Version, 1, 99)]);
        run.WaitFor(() => server.IsClosed, "the client closes the connection");
        ReceivedPacket[] last = [.. server.Received.Skip(packets)];
        if (run.IsV5)
        {
            Require(last is [{ Type: PacketType.Disconnect }], $"only DISCONNECT was due; {string.Join(", ", last.Select(packet => $"{packet}"))}");
            Require(reasons.Contains(last[0].Reason), $"DISCONNECT {string.Join(" or ", reasons)} was due; it has {last[0].Reason}");
        }
        else
        {
            RequireEqual(0, last.Length, "the number of packets after the fault");
        }
    }
}
