using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Conformance.Cases;

/// <summary>Topic Aliases that the client uses (chapter 3.3.2.3.4).</summary>
internal static class TopicAliasCases
{
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("Every Topic Alias from 1 to the server's maximum stands for its topic", ["MQTT-3.3.2-12"], RangeAsync)
        {
            Needs = Needs.TopicAlias,
        },
        new("A Topic Alias stands for its topic at every QoS", ["MQTT-3.3.2-12"], EveryQosAsync) { Needs = Needs.TopicAlias },
        new("A message on a Topic Alias is retained under its topic", ["MQTT-3.3.2-12"], RetainedAsync)
        {
            Needs = Needs.TopicAlias | Needs.Retain,
        },
        new("Topic Alias 0 ends the connection with 0x94", ["MQTT-3.3.2-8"], ZeroAsync),
        new("A Topic Alias above the server's maximum ends the connection with 0x94", ["MQTT-3.3.2-9"], AboveMaximumAsync),
        new("A Topic Alias that stands for nothing yet ends the connection", ["U5-21"], UnknownAsync) { Needs = Needs.TopicAlias },
        new("A Topic Alias ends with its connection, also when the session goes on", ["MQTT-3.3.2-7"], EndsWithConnectionAsync)
        {
            Needs = Needs.TopicAlias,
        },
        new("A Topic Alias of one client means nothing to another", ["MQTT-3.3.2-7"], EachItsOwnAsync) { Needs = Needs.TopicAlias },
        new("A Topic Alias with another topic stands for that topic from then on", ["U5-22"], RemapAsync) { Needs = Needs.TopicAlias },
        new("Topic Aliases of the client and of the server are independent", ["U5-22"], BothDirectionsAsync) { Needs = Needs.TopicAlias },
        new("A Topic Alias is not forwarded to a client that takes none", ["U5-23"], NotForwardedAsync) { Needs = Needs.TopicAlias },
    ];

    private static async Task RangeAsync(CaseRun run)
    {
        int maximum = run.Server.TopicAliasMaximum;
        int[] tried = [1, 2, (maximum / 2) + 1, maximum - 1, maximum];
        int[] aliases = [.. tried.Where(alias => alias >= 1 && alias <= maximum).Distinct()];
        string root = run.NewTopic();
        (WireClient subscriber, WireClient publisher) = await PairAsync(run, [.. aliases.Select(alias => $"{root}/{alias}")]);
        foreach (int alias in aliases)
        {
            await PublishAsync(publisher, $"{root}/{alias}", alias, $"sets {alias}");
        }

        foreach (int alias in aliases.Reverse())
        {
            await PublishAsync(publisher, "", alias, $"uses {alias}");
        }

        foreach (WirePacket message in await run.CollectAsync(subscriber, publisher, $"{root}/1", 2 * aliases.Length))
        {
            string alias = message.Text.Split(' ')[1];
            run.RequireEqual($"{root}/{alias}", message.Topic, $"the topic of what was published with alias {alias}");
        }
    }

    private static async Task EveryQosAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        (WireClient subscriber, WireClient publisher) = await PairAsync(run, topic);
        await PublishAsync(publisher, topic, 1, "sets it", run.Server.MaximumQos);
        for (int qos = 0; qos <= run.Server.MaximumQos; qos++)
        {
            await PublishAsync(publisher, "", 1, $"at QoS {qos}", qos);
        }

        IReadOnlyList<WirePacket> came = await run.CollectAsync(subscriber, publisher, topic, 2 + run.Server.MaximumQos);
        run.RequireEqual(2 + run.Server.MaximumQos, came.Count, "the number of messages");
    }

    private static async Task RetainedAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient publisher = await run.ConnectAsync();
        await PublishAsync(publisher, topic, 1, "sets it");
        int qos = Math.Min(1, run.Server.MaximumQos);
        await publisher.PublishAsync(new WireMessage("", "retained") { Retain = true, Qos = qos, Properties = Property.TopicAlias(1) });
        await publisher.PingAsync();
        WireClient subscriber = await run.SubscriberAsync(topic);
        WirePacket message = await subscriber.ReceiveAsync();
        run.RequireEqual("retained", message.Text, "the retained message");
        run.RequireEqual(topic, message.Topic, "its topic");
        await publisher.PublishAsync(topic, "", retain: true);
    }

    private static Task ZeroAsync(CaseRun run) => run.EachAsync(
        from topic in new[] { run.NewTopic(), "" } from qos in Enumerable.Range(0, run.Server.MaximumQos + 1) select (
            Topic: topic, Qos: qos),
        one => $"with {(one.Topic.Length > 0 ? "a" : "no")} topic at QoS {one.Qos}",
        one => RequireEndAsync(run, new WireMessage(one.Topic, "x") { Qos = one.Qos, Properties = Property.TopicAlias(0) }));

    private static Task AboveMaximumAsync(CaseRun run)
    {
        int maximum = run.Server.TopicAliasMaximum;
        if (maximum == ushort.MaxValue)
        {
            run.Skip("the server takes every Topic Alias that can be written");
        }

        var each =
            from alias in new[] { maximum + 1, ushort.MaxValue }.Distinct()
            from topic in new[] { run.NewTopic(), "" }
            from qos in Enumerable.Range(0, run.Server.MaximumQos + 1)
            select (Alias: alias, Topic: topic, Qos: qos);
        return run.EachAsync(
            each,
            one => $"{one.Alias} with {(one.Topic.Length > 0 ? "a" : "no")} topic at QoS {one.Qos}",
            one => RequireEndAsync(run, new WireMessage(one.Topic, "x") { Qos = one.Qos, Properties = Property.TopicAlias(one.Alias) }));
    }

    private static async Task RequireEndAsync(CaseRun run, WireMessage message)
    {
        WireClient client = await run.ConnectAsync();
        await client.SendAsync(PacketBytes.Publish(run.Version, message, 1));
        await client.ExpectEndAsync(ReasonCode.TopicAliasInvalid, ReasonCode.ProtocolError, ReasonCode.MalformedPacket);
    }

    private static async Task UnknownAsync(CaseRun run)
    {
        await run.EachAsync(Enumerable.Range(0, run.Server.MaximumQos + 1), qos => $"QoS {qos}", qos =>
            RequireEndAsync(run, new WireMessage("", "x") { Qos = qos, Properties = Property.TopicAlias(1) }));
        if (run.Server.TopicAliasMaximum > 1)
        {
            WireClient client = await run.ConnectAsync();
            await PublishAsync(client, run.NewTopic(), 1, "sets another");
            await client.SendAsync(PacketBytes.Publish(run.Version, new WireMessage("", "x") { Properties = Property.TopicAlias(2) }));
            await client.ExpectEndAsync(ReasonCode.ProtocolError, ReasonCode.TopicAliasInvalid);
        }
    }

    private static async Task EndsWithConnectionAsync(CaseRun run)
    {
        ConnectFields fields = run.NewConnect().Persistent();
        WireClient first = await run.ConnectAsync(fields);
        await PublishAsync(first, run.NewTopic(), 1, "sets it");
        await first.PingAsync();
        await first.DisconnectAsync();
        (WireClient second, WirePacket connAck) = await run.ConnectFullyAsync(fields);
        run.Require(connAck.SessionPresent, "the session should have been there still");
        await second.SendAsync(PacketBytes.Publish(run.Version, new WireMessage("", "x") { Properties = Property.TopicAlias(1) }));
        await second.ExpectEndAsync(ReasonCode.ProtocolError, ReasonCode.TopicAliasInvalid);
    }

    private static async Task EachItsOwnAsync(CaseRun run)
    {
        string root = run.NewTopic();
        (WireClient subscriber, WireClient one) = await PairAsync(run, $"{root}/one", $"{root}/two");
        WireClient two = await run.ConnectAsync();
        await PublishAsync(one, $"{root}/one", 1, "one");
        await PublishAsync(two, $"{root}/two", 1, "two");
        await PublishAsync(one, "", 1, "one");
        await PublishAsync(two, "", 1, "two");
        foreach (WirePacket message in await subscriber.ReceiveAsync(4))
        {
            run.RequireEqual($"{root}/{message.Text}", message.Topic, $"the topic of a message of client {message.Text}");
        }
    }

    private static async Task RemapAsync(CaseRun run)
    {
        string root = run.NewTopic();
        (WireClient subscriber, WireClient publisher) = await PairAsync(run, $"{root}/old", $"{root}/new", $"{root}/other");
        bool hasTwo = run.Server.TopicAliasMaximum > 1;
        await PublishAsync(publisher, $"{root}/old", 1, "old");
        if (hasTwo)
        {
            await PublishAsync(publisher, $"{root}/other", 2, "other");
        }

        await PublishAsync(publisher, "", 1, "old");
        await PublishAsync(publisher, $"{root}/new", 1, "new");
        await PublishAsync(publisher, "", 1, "new");
        await publisher.PublishAsync($"{root}/old", "old");
        await PublishAsync(publisher, "", 1, "new");
        if (hasTwo)
        {
            await PublishAsync(publisher, "", 2, "other");
        }

        foreach (WirePacket message in await run.CollectAsync(subscriber, publisher, $"{root}/new", hasTwo ? 8 : 6))
        {
            run.RequireEqual($"{root}/{message.Text}", message.Topic, $"the topic of a message that was meant for '{message.Text}'");
        }
    }

    private static async Task BothDirectionsAsync(CaseRun run)
    {
        string root = run.NewTopic();
        ConnectFields fields = run.NewConnect() with { Properties = Property.TopicAliasMaximum(10) };
        WireClient client = await run.ConnectAsync(fields);
        await client.SubscribeAsync(($"{root}/one", 0), ($"{root}/two", 0));
        ReceivedAliases aliases = new();
        for (int i = 0; i < 3; i++)
        {
            // What the server gives an alias first is not what the client gives the same alias.
            await client.PublishAsync($"{root}/one", "one");
            run.RequireEqual($"{root}/one", aliases.TopicOf(run, await client.ReceiveAsync()), "the topic of a message without alias");
            await PublishAsync(client, i == 0 ? $"{root}/two" : "", 1, "two");
            run.RequireEqual(
                $"{root}/two", aliases.TopicOf(run, await client.ReceiveAsync()), "the topic of a message on alias 1 of the client");
        }
    }

    private static async Task NotForwardedAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        (WireClient subscriber, WireClient publisher) = await PairAsync(run, topic);
        await PublishAsync(publisher, topic, 1, "sets it");
        await PublishAsync(publisher, "", 1, "uses it");
        foreach (WirePacket message in await subscriber.ReceiveAsync(2))
        {
            run.RequireEqual(topic, message.Topic, $"the topic of the message that {message.Text}");
            run.Require(!message.Has(PropertyId.TopicAlias), $"{message} should have no Topic Alias");
        }
    }

    private static async Task<(WireClient Subscriber, WireClient Publisher)> PairAsync(CaseRun run, params string[] topics)
    {
        WireClient subscriber = await run.ConnectAsync();
        await subscriber.SubscribeAsync([.. topics.Select(topic => (topic, run.Server.MaximumQos))]);
        return (subscriber, await run.ConnectAsync());
    }

    private static Task<ReasonCode> PublishAsync(WireClient client, string topic, int alias, string text, int qos = 0) =>
        client.PublishAsync(new WireMessage(topic, text) { Qos = qos, Properties = Property.TopicAlias(alias) });
}
