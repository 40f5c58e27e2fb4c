using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Conformance.Cases;

/// <summary>CONNACK that accepts, what it may tell, and that a server can be talked to at all (3.1.2.11, 3.1.4, 3.2, 4.2, 7).</summary>
internal static class ConnAckCases
{
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("A good CONNECT is answered with CONNACK 0x00", ["MQTT-3.1.4-5", "MQTT311-3.1.4-4"], AcceptedAsync),
        new("A connection is one stream of bytes, however they are cut", ["MQTT-4.2-1", "MQTT311-7.1.1-1"], StreamAsync),
        new("A plain client can subscribe, publish and receive", ["MQTT311-7.0.0-2"], PlainAsync),
        new("Packets right behind CONNECT are handled in order", ["U5-47"], PipelinedAsync),
        new("CONNACK has no Response Information that was not asked for", ["MQTT-3.1.2-28"], ResponseInformationAsync),
        new("Without Request Problem Information acknowledgements do not explain themselves", ["MQTT-3.1.2-29"], ProblemInformationAsync),
        new("A Topic Alias above the server's maximum gets DISCONNECT 0x94",
            ["MQTT-3.2.2-17"], AliasAboveAsync) { Needs = Needs.TopicAlias },
        new("A Topic Alias as high as the server's maximum is taken", ["MQTT-3.2.2-17"], AliasHighestAsync) { Needs = Needs.TopicAlias },
        new("No CONNACK is larger than a client allows, whatever it could explain",
            ["MQTT-3.2.2-19", "MQTT-3.2.2-20"], SmallConnAckAsync),
    ];

    private static async Task AcceptedAsync(CaseRun run)
    {
        (WireClient client, WirePacket connAck) = await run.ConnectFullyAsync(run.NewConnect());
        run.Require(run.IsV5 || connAck.SizeBytes == 4, $"CONNACK should have 4 bytes; it has {connAck.SizeBytes}");
        await client.PingAsync();
    }

    private static async Task StreamAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient client = await run.OpenAsync();
        byte[] bytes =
        [
            .. PacketBytes.Connect(run.NewConnect()), .. PacketBytes.Subscribe(run.Version, 1, [], (topic, 0)),
            .. PacketBytes.Publish(run.Version, new WireMessage(topic, "in pieces")),
        ];
        foreach (byte[] piece in bytes.Chunk(1))
        {
            await client.SendAsync(piece);
        }

        run.RequireEqual(ReasonCode.Success, (await client.ExpectAsync(PacketType.ConnAck)).Reason, "the code of CONNACK");
        run.RequireEqual("in pieces", (await client.ReceiveAsync()).Text, "the message");
    }

    private static async Task PlainAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient watcher = await run.SubscriberAsync(topic);
        WireClient publisher = await run.ConnectAsync();
        for (int qos = 0; qos <= 2; qos++)
        {
            await publisher.PublishAsync(topic, $"{qos}", qos);
            run.RequireEqual($"{qos}", (await watcher.ReceiveAsync()).Text, "the message");
        }

        await watcher.UnsubscribeAsync(topic);
        await publisher.PublishAsync(topic, "to nobody");
        await watcher.ExpectQuietAsync();
    }

    private static async Task PipelinedAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient client = await run.OpenAsync();
        await client.SendAsync(
        [
            .. PacketBytes.Connect(run.NewConnect()), .. PacketBytes.Subscribe(run.Version, 1, [], (topic, 0)),
            .. PacketBytes.Publish(run.Version, new WireMessage(topic, "x")), .. PacketBytes.PingReq,
        ]);
        run.RequireEqual(ReasonCode.Success, (await client.ExpectAsync(PacketType.ConnAck)).Reason, "the code of CONNACK");
        await client.TakeAsync(PacketType.SubAck);
        await client.ReceiveAsync();
        await client.TakeAsync(PacketType.PingResp);
    }

    private static async Task ResponseInformationAsync(CaseRun run)
    {
        byte[][] variants = [[], Property.Number(PropertyId.RequestResponseInformation, 0)];
        foreach (byte[] properties in variants)
        {
            (_, WirePacket connAck) = await run.ConnectFullyAsync(run.NewConnect() with { Properties = properties });
            run.Require(!connAck.Has(PropertyId.ResponseInformation), "CONNACK has Response Information");
        }

        (_, WirePacket asked) = await run.ConnectFullyAsync(
            run.NewConnect() with { Properties = Property.Number(PropertyId.RequestResponseInformation, 1) });
        run.Note("gives Response Information to a client that asks", asked.Has(PropertyId.ResponseInformation) ? "yes" : "no");
    }

    private static async Task ProblemInformationAsync(CaseRun run)
    {
        byte[] wish = Property.Number(PropertyId.RequestProblemInformation, 0);
        string denied = Preparation.DeniedPrefix + run.NewTopic();
        List<byte[]> provocations =
        [
            PacketBytes.Subscribe(run.Version, 1, [], (denied, 0), (run.NewTopic(), 0)),
            PacketBytes.Unsubscribe(run.Version, 2, run.NewTopic()),
            PacketBytes.Subscribe(run.Version, 3, [], ("$share/name/" + run.NewTopic(), 0)),
            PacketBytes.Acknowledge(PacketType.PubRel, 5),
            PacketBytes.Acknowledge(PacketType.PubRec, 6),
        ];
        if (run.Server.MaximumQos > 0)
        {
            provocations.Add(PacketBytes.Publish(run.Version, new WireMessage(denied, "x") { Qos = 1 }, 4));
            provocations.Add(PacketBytes.Publish(run.Version, new WireMessage(run.NewTopic(), "x") { Qos = 1 }, 7));
        }

        if (run.Server.MaximumQos > 1)
        {
            provocations.Add(PacketBytes.Publish(run.Version, new WireMessage(denied, "x") { Qos = 2 }, 8));
        }

        await run.EachAsync(provocations, Convert.ToHexString, async bytes =>
        {
            WireClient client = await run.ConnectAsync(run.NewConnect() with { Properties = wish });
            await client.SendAsync([.. bytes, .. PacketBytes.PingReq]);
            IReadOnlyList<WirePacket> came = await client.DrainAsync();
            foreach (WirePacket packet in came.Where(packet => packet.Type is not (PacketType.Disconnect or PacketType.Publish)))
            {
                bool explains = packet.Has(PropertyId.ReasonString) || packet.Has(PropertyId.UserProperty);
                run.Require(!explains, $"{packet} has a Reason String or a User Property");
            }
        });
    }

    private static async Task AliasAboveAsync(CaseRun run)
    {
        if (run.Server.TopicAliasMaximum == ushort.MaxValue)
        {
            run.Skip("no Topic Alias is above the server's maximum");
        }

        WireClient client = await run.ConnectAsync();
        await client.PublishAsync(
            new WireMessage(run.NewTopic(), "x") { Properties = Property.TopicAlias(run.Server.TopicAliasMaximum + 1) });
        await client.ExpectEndAsync(ReasonCode.TopicAliasInvalid);
    }

    private static async Task AliasHighestAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        byte[] alias = Property.TopicAlias(run.Server.TopicAliasMaximum);
        WireClient client = await run.SubscriberAsync(topic);
        await client.PublishAsync(new WireMessage(topic, "set") { Properties = alias });
        await client.PublishAsync(new WireMessage("", "used") { Properties = alias });
        IReadOnlyList<WirePacket> came = await client.ReceiveAsync(2);
        run.RequireEqual((topic, "used"), (came[1].Topic, came[1].Text), "the message by Topic Alias");
    }

    private static async Task SmallConnAckAsync(CaseRun run)
    {
        await run.EachAsync([1, 3, 5, 8, 12, 16, 24, 40], limit => $"{limit} bytes", async limit =>
        {
            byte[] properties = Property.MaximumPacketSize((uint)limit);
            ConnectFields[] variants =
            [
                run.NewConnect() with { Properties = properties },
                run.NewConnect() with { Properties = properties, ClientIdentifier = "" },
                run.NewConnect() with { Properties = [.. properties, .. Property.Text(PropertyId.AuthenticationMethod, "nonsense")] },
                run.NewConnect() with
                {
                    Properties = properties,
                    UserName = Preparation.RefusedUserName,
                    Password = PacketBytes.Utf8("any"),
                },
            ];
            foreach (ConnectFields fields in variants)
            {
                WireClient client = await run.OpenAsync();
                await client.SendConnectAsync(fields);
                foreach (WirePacket packet in await client.ReadAllAsync())
                {
                    run.Require(packet.SizeBytes <= limit, $"{packet} has {packet.SizeBytes} bytes");
                }
            }
        });
    }
}
