using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Cases;

/// <summary>UNSUBSCRIBE and its answer (chapters 3.10.4 and 3.11.3).</summary>
internal static class UnsubscribeCases
{
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("UNSUBSCRIBE is answered with UNSUBACK", ["MQTT-3.10.4-4", "MQTT311-3.10.4-4"], AnsweredAsync),
        new(
            "UNSUBACK has the Packet Identifier of its UNSUBSCRIBE",
            ["MQTT-3.10.4-5", "MQTT-2.2.1-6", "MQTT311-3.10.4-4", "MQTT311-2.3.1-7"],
            IdentifierAsync),
        new("UNSUBACK comes also when no filter was known", ["MQTT-3.10.4-5", "MQTT311-3.10.4-5"], UnknownAsync),
        new("UNSUBSCRIBE ends no subscription to another filter, however alike", ["MQTT-3.10.4-1", "MQTT311-3.10.4-1"], OthersStayAsync)
        {
            Needs = Needs.Wildcards,
        },
        new("UNSUBSCRIBE ends exactly the subscription to its filter", ["MQTT-3.10.4-1", "MQTT311-3.10.4-1"], ExactAsync)
        {
            Needs = Needs.Wildcards,
        },
        new("After UNSUBACK no new messages come for the filter", ["MQTT-3.10.4-2", "MQTT311-3.10.4-2"], NothingNewAsync),
        new("After UNSUBACK no new messages are kept for a client that goes away", ["MQTT-3.10.4-2", "MQTT311-3.10.4-2"], NothingKeptAsync)
        {
            Needs = Needs.Qos1,
        },
        new("A QoS 2 delivery that has begun is finished after UNSUBSCRIBE", ["MQTT-3.10.4-3", "MQTT311-3.10.4-3"], FinishesQos2Async)
        {
            Needs = Needs.Qos2,
        },
        new(
            "A delivery without answer is sent again on a new connection after UNSUBSCRIBE",
            ["MQTT-3.10.4-3", "MQTT311-3.10.4-3"],
            ResendsAsync)
        {
            Needs = Needs.Qos2,
        },
        new("Several filters in one UNSUBSCRIBE make one UNSUBACK", ["MQTT-3.10.4-6", "MQTT311-3.10.4-6"], OneAnswerAsync),
        new("Each of several filters in one UNSUBSCRIBE ends", ["MQTT-3.10.4-6", "MQTT311-3.10.4-6"], EachEndsAsync),
        new("The codes of UNSUBACK come in the order of the filters, one for each", ["MQTT-3.11.3-1", "MQTT-3.10.4-6"], CodesAsync),
        new("UNSUBACK has 0x00 for a known filter and 0x11 for an unknown one", ["U5-37"], KnownAsync),
        new("The same filter twice in one UNSUBSCRIBE is known once", ["MQTT-3.10.4-6"], TwiceAsync),
    ];

    private static async Task AnsweredAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient client = await run.SubscriberAsync(topic);
        await client.SendAsync(PacketBytes.Unsubscribe(run.Version, 2, topic));
        WirePacket answer = await client.ExpectAsync(PacketType.UnsubAck);
        run.Require(run.IsV5 || answer.SizeBytes == 4, $"an UNSUBACK of 4 bytes was due; it has {answer.SizeBytes}");
    }

    private static async Task IdentifierAsync(CaseRun run)
    {
        WireClient client = await run.ConnectAsync();
        foreach (int identifier in new[] { 1, 255, 256, 32_768, 65_535 })
        {
            string topic = run.NewTopic();
            await client.SubscribeAsync((topic, 0));
            await client.SendAsync(PacketBytes.Unsubscribe(run.Version, identifier, topic));
            run.RequireEqual(identifier, (await client.ExpectAsync(PacketType.UnsubAck)).Identifier, "the Packet Identifier of UNSUBACK");
        }

        byte[] first = PacketBytes.Unsubscribe(run.Version, 65_535, run.NewTopic());
        byte[] second = PacketBytes.Unsubscribe(run.Version, 3, run.NewTopic());
        await client.SendAsync([.. first, .. second]);
        WirePacket[] answers = [await client.ExpectAsync(PacketType.UnsubAck), await client.ExpectAsync(PacketType.UnsubAck)];
        IEnumerable<int> identifiers = answers.Select(answer => answer.Identifier).Order();
        run.RequireEqual("3, 65535", string.Join(", ", identifiers), "the Packet Identifiers of two UNSUBACK");
    }

    private static async Task UnknownAsync(CaseRun run)
    {
        WireClient client = await run.ConnectAsync();
        await client.SendAsync(PacketBytes.Unsubscribe(run.Version, 77, run.NewTopic(), run.NewTopic()));
        run.RequireEqual(77, (await client.ExpectAsync(PacketType.UnsubAck)).Identifier, "the Packet Identifier of UNSUBACK");
        await client.PingAsync();
    }

    private static async Task OthersStayAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient client = await run.ConnectAsync();
        await client.SubscribeAsync(($"{topic}/#", 0));
        foreach (string filter in new[] { $"{topic}/b", $"{topic}/+", topic, $"{topic}/", $"{topic.ToUpperInvariant()}/#", "#" })
        {
            byte[] codes = await client.UnsubscribeAsync(filter);
            run.Require(
                !run.IsV5 || codes is [(byte)ReasonCode.NoSubscriptionExisted],
                $"UNSUBACK 11 was due for '{filter}'; it has {Convert.ToHexString(codes)}");
            await client.PublishAsync($"{topic}/b", filter);
            run.RequireEqual(filter, (await client.ReceiveAsync()).Text, "the message after UNSUBSCRIBE of another filter");
        }
    }

    private static async Task ExactAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient client = await run.ConnectAsync();
        await client.SubscribeAsync(($"{topic}/#", 0), ($"{topic}/b", 0), ($"{topic}/c", 0));
        await client.UnsubscribeAsync($"{topic}/#");
        await client.PublishAsync($"{topic}/a", "of the ended one");
        await client.PublishAsync($"{topic}/b", "of another");
        IReadOnlyList<WirePacket> came = await run.CollectAsync(client, client, $"{topic}/c", 1);
        run.RequireEqual("of another", Collecting.Texts(came), "what came");
    }

    private static Task NothingNewAsync(CaseRun run) => run.EachAsync(Levels(run), qos => $"QoS {qos}", async qos =>
    {
        string topic = run.NewTopic();
        string lastTopic = run.NewTopic();
        WireClient client = await run.ConnectAsync();
        await client.SubscribeAsync((topic, qos), (lastTopic, qos));
        WireClient publisher = await run.ConnectAsync();
        await publisher.PublishAsync(topic, "before", qos);
        run.RequireEqual("before", (await client.ReceiveAsync()).Text, "the message before UNSUBSCRIBE");
        await client.UnsubscribeAsync(topic);
        await publisher.PublishAsync(topic, "after", qos);
        IReadOnlyList<WirePacket> came = await run.CollectAsync(client, publisher, lastTopic, 0);
        run.Require(came.Count == 0, $"nothing should have come after UNSUBACK; there came {string.Join(", ", came)}");
    });

    private static async Task NothingKeptAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        string lastTopic = run.NewTopic();
        ConnectFields fields = run.NewConnect().Persistent();
        WireClient client = await run.ConnectAsync(fields);
        await client.SubscribeAsync((topic, 1), (lastTopic, 1));
        await client.UnsubscribeAsync(topic);
        await client.DisconnectAsync();
        WireClient publisher = await run.ConnectAsync();
        await publisher.PublishAsync(topic, "after", 1);
        WireClient again = await run.ConnectAsync(fields);
        IReadOnlyList<WirePacket> came = await run.CollectAsync(again, publisher, lastTopic, 0);
        run.Require(came.Count == 0, $"nothing should have been kept after UNSUBACK; there came {string.Join(", ", came)}");
    }

    private static async Task FinishesQos2Async(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient client = await run.SubscriberAsync(topic, 2);
        WireClient publisher = await run.ConnectAsync();
        await publisher.PublishAsync(topic, "message", 2);
        WirePacket message = await client.TakeAsync(PacketType.Publish);
        await client.UnsubscribeAsync(topic);
        await client.SendAsync(PacketBytes.Acknowledge(PacketType.PubRec, message.Identifier));
        WirePacket release = await client.ExpectAsync(PacketType.PubRel);
        run.RequireEqual(message.Identifier, release.Identifier, "the Packet Identifier of PUBREL");
        run.RequireEqual(ReasonCode.Success, release.Reason, "the reason of PUBREL");
        await client.SendAsync(PacketBytes.Acknowledge(PacketType.PubComp, message.Identifier));
        await client.PingAsync();
    }

    private static async Task ResendsAsync(CaseRun run)
    {
        string root = run.NewTopic();
        ConnectFields fields = run.NewConnect().Persistent();
        WireClient client = await run.ConnectAsync(fields);
        await client.SubscribeAsync(($"{root}/1", 1), ($"{root}/2", 2));
        WireClient publisher = await run.ConnectAsync();
        await publisher.PublishAsync($"{root}/1", "one", 1);
        await publisher.PublishAsync($"{root}/2", "two", 2);
        await client.TakeAsync(PacketType.Publish);
        await client.TakeAsync(PacketType.Publish);
        await client.UnsubscribeAsync($"{root}/1", $"{root}/2");
        client.Abort();
        WireClient again = await run.ConnectAsync(fields);
        IReadOnlyList<WirePacket> came = await again.ReceiveAsync(2);
        run.RequireEqual(
            "one, two", string.Join(", ", came.Select(message => message.Text).Order(StringComparer.Ordinal)), "what is sent again");
    }

    private static async Task OneAnswerAsync(CaseRun run)
    {
        string[] topics = [run.NewTopic(), run.NewTopic(), run.NewTopic()];
        WireClient client = await run.ConnectAsync();
        await client.SubscribeAsync([.. topics.Select(topic => (topic, 0))]);
        await client.SendAsync(PacketBytes.Unsubscribe(run.Version, 9, topics));
        await client.ExpectAsync(PacketType.UnsubAck);
        await client.ExpectQuietAsync();
    }

    private static async Task EachEndsAsync(CaseRun run)
    {
        string[] topics = [run.NewTopic(), run.NewTopic(), run.NewTopic()];
        string lastTopic = run.NewTopic();
        WireClient client = await run.ConnectAsync();
        await client.SubscribeAsync([.. topics.Select(topic => (topic, 0)), (lastTopic, 0)]);
        await client.UnsubscribeAsync(topics);
        foreach (string topic in topics)
        {
            await client.PublishAsync(topic, topic);
        }

        IReadOnlyList<WirePacket> came = await run.CollectAsync(client, client, lastTopic, 0);
        run.Require(came.Count == 0, $"all three should have ended; there came {string.Join(", ", came)}");
    }

    private static async Task CodesAsync(CaseRun run)
    {
        string[] topics = [run.NewTopic(), run.NewTopic(), run.NewTopic(), run.NewTopic()];
        WireClient client = await run.ConnectAsync();
        await client.SubscribeAsync((topics[0], 0), (topics[2], 0));
        run.RequireEqual(
            "00110011", Convert.ToHexString(await client.UnsubscribeAsync(topics)), "the codes for known, unknown, known, unknown");
    }

    private static async Task KnownAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient client = await run.SubscriberAsync(topic);
        run.RequireEqual("11", Convert.ToHexString(await client.UnsubscribeAsync($"{topic}/other")), "the code for an unknown filter");
        run.RequireEqual("00", Convert.ToHexString(await client.UnsubscribeAsync(topic)), "the code for a known filter");
        run.RequireEqual("11", Convert.ToHexString(await client.UnsubscribeAsync(topic)), "the code for a filter that has ended");
    }

    private static async Task TwiceAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient client = await run.SubscriberAsync(topic);
        run.RequireEqual("0011", Convert.ToHexString(await client.UnsubscribeAsync(topic, topic)), "the codes for the same filter twice");
    }

    private static IEnumerable<int> Levels(CaseRun run) => Enumerable.Range(0, run.Server.MaximumQos + 1);
}
