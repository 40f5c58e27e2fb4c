using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Cases;

/// <summary>SUBSCRIBE and its answer (chapters 3.8.4 and 3.9.3).</summary>
internal static class SubscribeCases
{
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("SUBSCRIBE is answered with SUBACK", ["MQTT-3.8.4-1", "MQTT311-3.8.4-1"], AnsweredAsync),
        new(
            "SUBACK has the Packet Identifier of its SUBSCRIBE",
            ["MQTT-3.8.4-2", "MQTT-2.2.1-6", "MQTT311-3.8.4-2", "MQTT311-2.3.1-7"],
            IdentifierAsync),
        new(
            "Two SUBSCRIBE in flight are each answered with their own Packet Identifier",
            ["MQTT-3.8.4-2", "MQTT-2.2.1-6", "MQTT311-3.8.4-2", "MQTT311-2.3.1-7"],
            TwoInFlightAsync),
        new("Several filters in one SUBSCRIBE make one SUBACK", ["MQTT-3.8.4-5", "MQTT311-3.8.4-4"], OneAnswerAsync),
        new("Each of several filters in one SUBSCRIBE subscribes", ["MQTT-3.8.4-5", "MQTT311-3.8.4-4"], EachWorksAsync),
        new("SUBACK has one code for each filter", ["MQTT-3.8.4-6", "MQTT311-3.8.4-5"], CodeCountAsync),
        new("The codes of SUBACK come in the order of the filters", ["MQTT-3.9.3-1", "MQTT311-3.9.3-1"], CodeOrderAsync),
        new("The codes of SUBACK keep their order when a filter is refused", ["MQTT-3.9.3-1", "MQTT311-3.9.3-1"], RefusedBetweenAsync)
        {
            Needs = Needs.Wildcards,
        },
        new("Each code of SUBACK is no greater than the QoS that was asked for", ["MQTT-3.8.4-7", "MQTT311-3.8.4-5"], GrantedAsync),
        new(
            "A filter that the client may not subscribe to gets a failure code",
            ["MQTT-3.8.4-7", "MQTT-3.9.3-2", "MQTT311-3.8.4-5", "MQTT311-3.9.3-2"],
            DeniedAsync),
        new("A message is delivered at the smaller of its QoS and the granted one", ["MQTT-3.8.4-8", "MQTT311-3.8.4-6"], QosMatrixAsync),
        new(
            "A queued message is delivered at the smaller of its QoS and the granted one",
            ["MQTT-3.8.4-8", "MQTT311-3.8.4-6"],
            QueuedQosAsync)
        {
            Needs = Needs.Qos2,
        },
        new("Messages for a new subscription may come before or after its SUBACK", ["U5-48"], MessageFirstAsync) { Needs = Needs.Retain },
        new(
            "A message that may not be published is acknowledged or ends the connection, and goes to nobody",
            ["MQTT311-3.3.5-2"],
            DeniedPublishAsync),
    ];

    private static async Task AnsweredAsync(CaseRun run)
    {
        WireClient client = await run.ConnectAsync();
        await client.SendAsync(PacketBytes.Subscribe(run.Version, 1, [], (run.NewTopic(), 0)));
        await client.ExpectAsync(PacketType.SubAck);
    }

    private static async Task IdentifierAsync(CaseRun run)
    {
        WireClient client = await run.ConnectAsync();
        foreach (int identifier in PacketIdentifiers)
        {
            await client.SendAsync(PacketBytes.Subscribe(run.Version, identifier, [], (run.NewTopic(), 0)));
            run.RequireEqual(identifier, (await client.ExpectAsync(PacketType.SubAck)).Identifier, "the Packet Identifier of SUBACK");
        }
    }

    private static async Task TwoInFlightAsync(CaseRun run)
    {
        WireClient client = await run.ConnectAsync();
        byte[] first = PacketBytes.Subscribe(run.Version, 65_535, [], (run.NewTopic(), 0));
        byte[] second = PacketBytes.Subscribe(run.Version, 2, [], (run.NewTopic(), 0), (run.NewTopic(), 0));
        await client.SendAsync([.. first, .. second]);
        WirePacket[] answers = [await client.ExpectAsync(PacketType.SubAck), await client.ExpectAsync(PacketType.SubAck)];
        run.Require(answers.Any(answer => answer is { Identifier: 65_535, Codes.Length: 1 }), "a SUBACK of 65535 with one code was due");
        run.Require(answers.Any(answer => answer is { Identifier: 2, Codes.Length: 2 }), "a SUBACK of 2 with two codes was due");
    }

    private static async Task OneAnswerAsync(CaseRun run)
    {
        WireClient client = await run.ConnectAsync();
        await client.SendAsync(PacketBytes.Subscribe(run.Version, 1, [], (run.NewTopic(), 0), (run.NewTopic(), 0), (run.NewTopic(), 0)));
        await client.ExpectAsync(PacketType.SubAck);
        await client.ExpectQuietAsync();
    }

    private static async Task EachWorksAsync(CaseRun run)
    {
        WireClient client = await run.ConnectAsync();
        string root = run.NewTopic();
        await client.TrySubscribeAsync(($"{root}/1", 0), ($"{root}/2", 0), ($"{root}/3", 0));
        for (int i = 1; i <= 3; i++)
        {
            await client.PublishAsync($"{root}/{i}", $"{i}");
            run.RequireEqual($"{root}/{i}", (await client.ReceiveAsync()).Topic, "the topic");
        }
    }

    private static Task CodeCountAsync(CaseRun run) => run.EachAsync([1, 2, 3, 8, 50], count => $"{count} filters", async count =>
    {
        WireClient client = await run.ConnectAsync();
        string root = run.NewTopic();
        byte[] codes = await client.TrySubscribeAsync([.. Enumerable.Range(0, count).Select(index => ($"{root}/{index}", index % 3))]);
        run.RequireEqual(count, codes.Length, "the number of codes");
    });

    private static async Task CodeOrderAsync(CaseRun run)
    {
        WireClient client = await run.ConnectAsync();
        int[] asked = [2, 0, 1, 0, 2, 1];
        byte[] codes = await client.TrySubscribeAsync([.. asked.Select(qos => (run.NewTopic(), qos))]);
        run.RequireEqual(asked.Length, codes.Length, "the number of codes");

        // A server may grant less than was asked, so that its greatest code is taken for the most that it grants.
        int most = codes.Max();
        byte[] expected = [.. asked.Select(qos => (byte)Math.Min(qos, most))];
        if (most == codes.Min())
        {
            run.Skip("the server grants every filter the same QoS, which shows no order");
        }

        run.RequireEqual(Convert.ToHexString(expected), Convert.ToHexString(codes), "the codes");
    }

    private static async Task RefusedBetweenAsync(CaseRun run)
    {
        WireClient client = await run.ConnectAsync();
        string root = run.NewTopic();
        (string Filter, int Options)[] filters = [($"{root}/1", 0), ($"{root}/a#", 0), ($"{root}/2", 0), ($"{root}/b+", 0)];
        await client.SendAsync(PacketBytes.Subscribe(run.Version, 1, [], filters));
        WirePacket? answer = await run.ReadAnswerAsync(
            client, PacketType.SubAck, ReasonCode.TopicFilterInvalid, ReasonCode.MalformedPacket, ReasonCode.ProtocolError);
        if (answer is null)
        {
            run.Skip("the server ends the connection on a filter that is not well formed");
        }

        bool isInOrder = answer.Codes is [0, >= 0x80, 0, >= 0x80];
        run.Require(isInOrder, $"a grant, a failure, a grant and a failure were due; {answer}");
    }

    private static Task GrantedAsync(CaseRun run) => run.EachAsync([0, 1, 2], qos => $"QoS {qos}", async qos =>
    {
        WireClient client = await run.ConnectAsync();
        byte[] codes = await client.TrySubscribeAsync((run.NewTopic(), qos));
        run.Require(codes is [var code] && code <= qos, $"a granted QoS of at most {qos} was due; SUBACK has {Convert.ToHexString(codes)}");
        if (codes[0] < qos)
        {
            run.Note($"grants for QoS {qos}", $"QoS {codes[0]}");
        }
    });

    private static async Task DeniedAsync(CaseRun run)
    {
        WireClient client = await run.ConnectAsync();
        string topic = run.NewTopic();
        byte[] codes = await client.TrySubscribeAsync((topic, 0), (Preparation.DeniedPrefix + "a", 1), ($"{topic}/a", 0));
        if (codes is [_, <= 2, _])
        {
            run.Skip(Preparation.NothingDenied);
        }

        bool isFailure = codes is [0, var code, 0] && (run.IsV5 ? IsDenial((ReasonCode)code) : code == 0x80);
        run.Require(isFailure, $"a failure between two grants was due; SUBACK has {Convert.ToHexString(codes)}");
    }

    private static bool IsDenial(ReasonCode code) =>
        code is ReasonCode.NotAuthorized or ReasonCode.UnspecifiedError or ReasonCode.ImplementationSpecificError;

    private static Task QosMatrixAsync(CaseRun run)
    {
        var each = from published in Levels(run) from asked in Enumerable.Range(0, 3) select (Published: published, Asked: asked);
        return run.EachAsync(each, one => $"published at {one.Published}, subscribed at {one.Asked}", async one =>
        {
            string topic = run.NewTopic();
            WireClient subscriber = await run.ConnectAsync();
            byte[] codes = await subscriber.TrySubscribeAsync((topic, one.Asked));
            WireClient publisher = await run.ConnectAsync();
            await publisher.PublishAsync(topic, "message", one.Published);
            run.RequireEqual(Math.Min(one.Published, codes[0]), (await subscriber.ReceiveAsync()).Qos, "the QoS of the delivery");
        });
    }

    private static async Task QueuedQosAsync(CaseRun run)
    {
        string root = run.NewTopic();
        ConnectFields fields = run.NewConnect().Persistent();
        WireClient subscriber = await run.ConnectAsync(fields);
        byte[] codes = await subscriber.TrySubscribeAsync(($"{root}/1", 1), ($"{root}/2", 2));
        run.RequireEqual(2, codes.Length, "the number of codes in SUBACK");
        await subscriber.DisconnectAsync();
        WireClient publisher = await run.ConnectAsync();
        for (int granted = 1; granted <= 2; granted++)
        {
            await publisher.PublishAsync($"{root}/{granted}", "1", 1);
            await publisher.PublishAsync($"{root}/{granted}", "2", 2);
        }

        WireClient again = await run.ConnectAsync(fields);
        foreach (WirePacket message in await again.ReceiveAsync(4))
        {
            int granted = message.Topic == $"{root}/1" ? codes[0] : codes[1];
            int expected = message.Text == "1" ? Math.Min(1, granted) : granted;
            run.RequireEqual(
                expected, message.Qos, $"what was published at QoS {message.Text} and granted QoS {granted}: the QoS of the delivery");
        }
    }

    private static async Task MessageFirstAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        await run.StoreRetainedAsync(topic, "retained");
        WireClient client = await run.ConnectAsync();
        await client.SendAsync(PacketBytes.Subscribe(run.Version, 1, [], (topic, 0)));
        WirePacket? first = await client.ReadAsync();
        WirePacket? second = await client.ReadAsync();
        await client.PublishAsync(topic, "", retain: true);
        PacketType[] types = [first?.Type ?? PacketType.None, second?.Type ?? PacketType.None];
        run.Require(
            types.Order().SequenceEqual([PacketType.Publish, PacketType.SubAck]), $"SUBACK and PUBLISH were due; {first}, {second}");
        run.Note("sends retained messages of a new subscription", types[0] == PacketType.SubAck ? "after its SUBACK" : "before its SUBACK");
    }

    private static Task DeniedPublishAsync(CaseRun run) => run.EachAsync(Levels(run), qos => $"QoS {qos}", async qos =>
    {
        string name = run.NewTopic().Replace('/', '-');
        string filter = run.Server.WildcardsAvailable ? $"conform/+/{name}" : $"conform/allowed/{name}";
        WireClient subscriber = await run.SubscriberAsync(filter, 2);
        if (await subscriber.TrySubscribeAsync((Preparation.DeniedPrefix + name, 0)) is [<= 2])
        {
            run.Skip(Preparation.NothingDenied);
        }

        WireClient publisher = await run.ConnectAsync();
        WireMessage denied = new(Preparation.DeniedPrefix + name, "denied") { Qos = qos };
        await publisher.SendAsync(PacketBytes.Publish(run.Version, denied, 7));
        await publisher.SendAsync(PacketBytes.PingReq);
        WirePacket? answer = await publisher.ReadAsync();
        PacketType due = qos switch { 0 => PacketType.PingResp, 1 => PacketType.PubAck, _ => PacketType.PubRec };
        run.Require(answer is null || answer.Type == due, $"{due} or the end of the connection was due; {answer}");
        run.Note(
            "answers a message that may not be published with", answer is null ? "the end of the connection" : "a normal acknowledgement");
        if (answer?.Type == PacketType.PubRec)
        {
            await publisher.SendAsync(PacketBytes.Acknowledge(PacketType.PubRel, 7));
            await publisher.TakeAsync(PacketType.PubComp);
        }

        WireClient other = await run.ConnectAsync();
        IReadOnlyList<WirePacket> came = await run.CollectAsync(subscriber, other, $"conform/allowed/{name}", 0);
        run.Require(came.Count == 0, $"nobody should have got it; there came {string.Join(", ", came)}");
    });

    private static IEnumerable<int> Levels(CaseRun run) => Enumerable.Range(0, run.Server.MaximumQos + 1);

    private static readonly int[] PacketIdentifiers = [1, 2, 255, 256, 257, 32_768, 65_534, 65_535];
}
