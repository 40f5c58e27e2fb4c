using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Cases;

/// <summary>How messages are shared among the members of a group (chapter 4.8.2).</summary>
internal static class SharedSubscriptionCases
{
    private const int Messages = 24;

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("Each message goes to one member of each group", ["U5-34"], GroupsAsync) { Needs = Needs.Shared | Needs.Qos1 },
        new("Groups with one share name and different filters are different groups", ["U5-34"], FiltersAsync)
        {
            Needs = Needs.Shared | Needs.Qos1 | Needs.Wildcards,
        },
        new("A member that subscribes again is one member still", ["U5-34"], ResubscribeAsync) { Needs = Needs.Shared | Needs.Qos1 },
        new("The members that stay get every message when one unsubscribes", ["U5-34"], UnsubscribeAsync)
        {
            Needs = Needs.Shared | Needs.Qos1,
        },
        new("The members that stay get every message when one is gone for good", ["U5-34"], GoneAsync)
        {
            Needs = Needs.Shared | Needs.Qos1,
        },
        new("A shared and an ordinary subscription of one client to the same topic deliver both", ["U5-35"], BothAsync)
        {
            Needs = Needs.Shared,
        },
        new("UNSUBSCRIBE tells shared from ordinary subscriptions", ["U5-35", "MQTT-3.10.4-1"], UnsubscribeEachAsync)
        {
            Needs = Needs.Shared,
        },
        new("Each member gets messages at its own granted QoS at most", ["MQTT-4.8.2-3"], QosAsync) { Needs = Needs.Shared | Needs.Qos2 },
    ];

    private static async Task GroupsAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        List<WireClient> members = [];
        foreach (string group in new[] { "one", "one", "two", "two", "three" })
        {
            members.Add(await run.SubscriberAsync($"$share/{group}/{topic}", 1));
        }

        await PublishAsync(run, members, topic);
        await RequireEachOnceAsync(run, "group one", members[0], members[1]);
        await RequireEachOnceAsync(run, "group two", members[2], members[3]);
        await RequireEachOnceAsync(run, "group three", members[4]);
    }

    private static async Task FiltersAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        List<WireClient> members = [];
        foreach (string filter in new[] { topic, topic, $"{topic}/#", $"{topic}/#" })
        {
            members.Add(await run.SubscriberAsync($"$share/g/{filter}", 1));
        }

        await PublishAsync(run, members, topic);
        await RequireEachOnceAsync(run, "the group of the topic", members[0], members[1]);
        await RequireEachOnceAsync(run, "the group of the filter with #", members[2], members[3]);
    }

    private static async Task ResubscribeAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient one = await run.SubscriberAsync($"$share/g/{topic}", 1);
        WireClient two = await run.SubscriberAsync($"$share/g/{topic}", 1);
        await one.SubscribeAsync(($"$share/g/{topic}", 0));
        await one.SubscribeAsync(($"$share/g/{topic}", 1));
        await PublishAsync(run, [one, two], topic);
        await RequireEachOnceAsync(run, "the group", one, two);
        await one.UnsubscribeAsync($"$share/g/{topic}");
        await PublishAsync(run, [one, two], topic);
        await RequireEachOnceAsync(run, "the member that stayed", two);
    }

    private static async Task UnsubscribeAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient one = await run.SubscriberAsync($"$share/g/{topic}", 1);
        WireClient two = await run.SubscriberAsync($"$share/g/{topic}", 1);
        WireClient three = await run.SubscriberAsync($"$share/g/{topic}", 1);
        await two.UnsubscribeAsync($"$share/g/{topic}");
        await PublishAsync(run, [one, two, three], topic);
        await RequireEachOnceAsync(run, "the members that stayed", one, three);
        run.RequireEqual(0, (await two.ReadCollectedAsync(0)).Count, "the number of messages for the member that unsubscribed");
    }

    private static async Task GoneAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient one = await run.SubscriberAsync($"$share/g/{topic}", 1);
        WireClient two = await run.SubscriberAsync($"$share/g/{topic}", 1);
        await one.DisconnectAsync();
        await PublishAsync(run, [two], topic);
        await RequireEachOnceAsync(run, "the member that stayed", two);
    }

    private static async Task BothAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient client = await run.ConnectAsync();
        await client.SubscribeAsync((topic, 0), ($"$share/g/{topic}", 0));
        WireClient other = await run.SubscriberAsync(topic);
        await other.PublishAsync(topic, "message");
        IReadOnlyList<WirePacket> came = await client.ReceiveAsync(2);
        run.Require(came.All(message => message.Text == "message"), $"two copies were due; there came {string.Join(", ", came)}");
        run.RequireEqual(1, (await run.CollectAsync(other, other, topic, 1)).Count, "the number of copies for an ordinary subscriber");
    }

    private static async Task UnsubscribeEachAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        string lastTopic = run.NewTopic();
        foreach (string ended in new[] { topic, $"$share/g/{topic}" })
        {
            WireClient client = await run.ConnectAsync();
            await client.SubscribeAsync((topic, 0), ($"$share/g/{topic}", 0), (lastTopic, 0));
            await client.UnsubscribeAsync($"$share/h/{topic}", ended);
            await client.PublishAsync(topic, "message");
            int count = (await run.CollectAsync(client, client, lastTopic, 1)).Count;
            run.RequireEqual(1, count, $"the number of copies after UNSUBSCRIBE of the {(ended == topic ? "ordinary" : "shared")} one");
            await client.DisconnectAsync();
        }
    }

    private static async Task QosAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        List<WireClient> members = [];
        for (int qos = 0; qos <= 2; qos++)
        {
            members.Add(await run.SubscriberAsync($"$share/g/{topic}", qos));
        }

        await PublishAsync(run, members, topic, 2);
        List<string> all = [];
        for (int qos = 0; qos <= 2; qos++)
        {
            // MQTT keeps no order between topics, so that the last message may be early.
            IReadOnlyList<WirePacket> collected = await members[qos].ReadCollectedAsync(0);
            WirePacket[] came = [.. collected, .. (await members[qos].DrainAsync()).Where(packet => packet.Type == PacketType.Publish)];
            run.Require(came.All(message => message.Qos == qos), $"deliveries at QoS {qos} were due; there came {string.Join(", ", came)}");
            all.AddRange(came.Select(message => message.Text));
        }

        run.RequireEqual(Messages, all.Distinct().Count(), "the number of messages that the group got");
    }

    /// <summary>Publishes numbered messages, and a last one to each client on a topic of its own.</summary>
    private static async Task PublishAsync(CaseRun run, IReadOnlyList<WireClient> clients, string topic, int qos = 1)
    {
        WireClient publisher = await run.ConnectAsync();
        for (int i = 0; i < Messages; i++)
        {
            await publisher.PublishAsync(topic, $"{i}", qos);
        }

        string lastTopic = run.NewTopic();
        foreach (WireClient client in clients)
        {
            await client.SubscribeAsync((lastTopic, qos));
        }

        // Publishing it last and at the same QoS lets it follow what was sent to the same client.
        await run.PublishLastAsync(publisher, lastTopic);
        foreach (WireClient client in clients)
        {
            await client.PingAsync();
        }
    }

    private static async Task RequireEachOnceAsync(CaseRun run, string who, params WireClient[] members)
    {
        List<string> came = [];
        foreach (WireClient member in members)
        {
            came.AddRange((await member.ReadCollectedAsync(members.Length == 1 ? Messages : 0)).Select(message => message.Text));
        }

        // MQTT keeps no order between topics, so that the last message may be early.
        foreach (WireClient member in came.Count < Messages ? members : [])
        {
            came.AddRange((await member.DrainAsync()).Where(packet => packet.Type == PacketType.Publish).Select(message => message.Text));
        }

        run.RequireEqual(Messages, came.Distinct().Count(), $"the number of messages that {who} got");
        run.RequireEqual(Messages, came.Count, $"the number of deliveries to {who}");
    }
}
