using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Conformance.Cases;

/// <summary>RETAIN of PUBLISH: what is stored, replaced and taken away (chapter 3.3.1).</summary>
internal static class RetainCases
{
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("A retained message is kept with its topic, payload and QoS", ["MQTT-3.3.1-5", "MQTT311-3.3.1-5"], KeptAsync)
        {
            Needs = Needs.Retain | Needs.Qos2,
        },
        new(
            "A retained message replaces the one before, whatever the QoS of both",
            ["MQTT-3.3.1-5", "MQTT311-3.3.1-6", "MQTT311-3.3.1-7"],
            ReplacedAsync)
        {
            Needs = Needs.Retain | Needs.Qos2,
        },
        new(
            "A new subscription with wildcards is sent the retained message of each topic once",
            ["MQTT-3.3.1-9", "MQTT311-3.3.1-6"],
            EachTopicAsync)
        {
            Needs = Needs.Retain | Needs.Wildcards,
        },
        new("A retained QoS 0 message is kept for later subscribers", ["MQTT311-3.3.1-7"], KeptQos0Async)
        {
            Needs = Needs.Retain, IsAdvice = true,
        },
        new("A message that is sent because of a new subscription has RETAIN 1", ["U5-32", "MQTT311-3.3.1-8"], FlaggedAsync)
        {
            Needs = Needs.Retain,
        },
        new("A message to an established subscription has RETAIN 0", ["MQTT-3.3.1-12", "MQTT311-3.3.1-9"], UnflaggedAsync)
        {
            Needs = Needs.Retain,
        },
        new("With Retain As Published a message keeps the RETAIN of its publisher", ["MQTT-3.3.1-13"], AsPublishedAsync)
        {
            Needs = Needs.Retain,
        },
        new("A message that waited for its session has RETAIN 0", ["MQTT-3.3.1-12", "MQTT311-3.3.1-9"], run => WaitedAsync(run, false))
        {
            Needs = Needs.Retain | Needs.Qos1,
        },
        new(
            "With Retain As Published a message that waited for its session keeps its RETAIN",
            ["MQTT-3.3.1-13"],
            run => WaitedAsync(run, true))
        {
            Needs = Needs.Retain | Needs.Qos1,
        },
        new("A retained message without payload takes the stored one away", ["MQTT-3.3.1-6", "MQTT311-3.3.1-10"], RemovedAsync)
        {
            Needs = Needs.Retain,
        },
        new(
            "A retained message without payload is delivered to established subscriptions",
            ["MQTT-3.3.1-6", "MQTT311-3.3.1-10"],
            RemovalDeliveredAsync)
        {
            Needs = Needs.Retain,
        },
        new("A message without payload is never stored", ["MQTT-3.3.1-7", "MQTT311-3.3.1-11"], EmptyNotStoredAsync)
        {
            Needs = Needs.Retain,
        },
        new("A message with RETAIN 0 is not stored", ["MQTT-3.3.1-8", "MQTT311-3.3.1-12"], PlainNotStoredAsync) { Needs = Needs.Retain },
        new("A message with RETAIN 0 leaves the stored one as it is", ["MQTT-3.3.1-8", "MQTT311-3.3.1-12"], PlainLeavesAsync)
        {
            Needs = Needs.Retain,
        },
        new("A retained message outlives the session of its publisher", ["MQTT-3.3.1-5", "MQTT311-3.1.2-7"], OutlivesAsync)
        {
            Needs = Needs.Retain,
        },
        new("A retained message carries the Subscription Identifier of the new subscription", ["U5-29"], SubscriptionIdentifierAsync)
        {
            Needs = Needs.Retain | Needs.SubscriptionIdentifiers,
        },
        new("A shared subscription is sent no retained messages", ["U5-33"], SharedAsync) { Needs = Needs.Retain | Needs.Shared },
    ];

    private static async Task KeptAsync(CaseRun run)
    {
        // A server of 3.1.1 may drop a retained message of QoS 0 at any time; that it should not is a case of its own.
        int lowest = run.IsV5 ? 0 : 1;
        var variants =
            from published in Enumerable.Range(lowest, 3 - lowest)
            from granted in Enumerable.Range(0, 3)
            select (published, granted);
        await run.EachAsync(variants, variant => $"published with QoS {variant.published}, granted {variant.granted}", async variant =>
        {
            string topic = run.NewTopic();
            await run.StoreRetainedAsync(new WireMessage(topic, "kept") { Qos = variant.published });
            WireClient subscriber = await run.SubscriberAsync(topic, variant.granted);
            WirePacket message = await subscriber.ReceiveAsync();
            run.RequireEqual(topic, message.Topic, "the topic");
            run.RequireEqual("kept", message.Text, "the payload");
            run.RequireEqual(Math.Min(variant.published, variant.granted), message.Qos, "the QoS");
        });
    }

    private static async Task ReplacedAsync(CaseRun run)
    {
        var variants = from first in Enumerable.Range(0, 3) from second in Enumerable.Range(0, 3) select (first, second);
        await run.EachAsync(variants, variant => $"QoS {variant.first}, then QoS {variant.second}", async variant =>
        {
            string topic = run.NewTopic();
            await run.StoreRetainedAsync(
                new WireMessage(topic, "the one before") { Qos = variant.first },
                new WireMessage(topic, "the last") { Qos = variant.second });
            WireClient subscriber = await run.SubscriberAsync(topic, 2);
            IReadOnlyList<WirePacket> came = await subscriber.GatherAsync();

            // A server of 3.1.1 may drop a retained message of QoS 0 at any time, but must not go back to an older one.
            bool mayBeGone = !run.IsV5 && variant.second == 0 && came.Count == 0;
            run.Require(
                mayBeGone || came is [{ Type: PacketType.Publish, Text: "the last" }],
                $"only the last was due; there came {string.Join(", ", came)}");
        });
    }

    private static async Task EachTopicAsync(CaseRun run)
    {
        const int Topics = 60;
        string root = run.NewTopic();
        int qos = Math.Min(1, run.Server.MaximumQos);
        await run.StoreRetainedAsync(
            [.. Enumerable.Range(0, Topics).Select(i => new WireMessage($"{root}/{i}/value", $"{i}") { Qos = qos })]);
        await run.EachAsync([$"{root}/#", $"{root}/+/value"], filter => filter, async filter =>
        {
            WireClient subscriber = await run.SubscriberAsync(filter);
            IReadOnlyList<WirePacket> messages = await subscriber.ReceiveAsync(Topics);
            await subscriber.ExpectQuietAsync();
            IEnumerable<string> expected = Enumerable.Range(0, Topics).Select(i => $"{root}/{i}/value={i}").Order(StringComparer.Ordinal);
            IEnumerable<string> actual = messages.Select(message => $"{message.Topic}={message.Text}").Order(StringComparer.Ordinal);
            run.Require(expected.SequenceEqual(actual), $"one message for each topic was due; there came {string.Join(", ", actual)}");
        });
    }

    private static async Task KeptQos0Async(CaseRun run)
    {
        string topic = run.NewTopic();
        await run.StoreRetainedAsync(new WireMessage(topic, "kept"));
        await run.ExpectRetainedAsync(topic, "kept");
    }

    private static async Task FlaggedAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        await run.StoreRetainedAsync(topic, "kept");
        int[] options = run.IsV5 ? [0, SubscriptionOption.RetainAsPublished, SubscriptionOption.RetainedIfNew] : [0];
        await run.EachAsync(options, option => $"options {option:X2}", async option =>
        {
            WirePacket message = await run.ExpectRetainedAsync(topic, "kept", option);
            run.RequireEqual(true, message.Retain, "RETAIN");
        });
    }

    private static async Task UnflaggedAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient subscriber = await run.SubscriberAsync(topic);
        WireClient publisher = await run.ConnectAsync();
        await publisher.PublishAsync(topic, "first", retain: true);
        await publisher.PublishAsync(topic, "second", retain: false);
        await publisher.PublishAsync(topic, "third", retain: true);
        IReadOnlyList<WirePacket> messages = await subscriber.ReceiveAsync(3);
        run.Require(messages.All(message => !message.Retain), $"RETAIN 0 was due in all; there came {string.Join(", ", messages)}");
    }

    private static async Task AsPublishedAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient subscriber = await run.SubscriberAsync(topic, SubscriptionOption.RetainAsPublished);
        WireClient publisher = await run.ConnectAsync();
        bool[] flags = [true, false, true];
        foreach (bool flag in flags)
        {
            await publisher.PublishAsync(topic, "text", retain: flag);
        }

        IReadOnlyList<WirePacket> messages = await subscriber.ReceiveAsync(flags.Length);
        run.Require(
            messages.Select(message => message.Retain).SequenceEqual(flags),
            $"RETAIN 1, 0, 1 was due; there came {string.Join(", ", messages)}");
    }

    private static async Task WaitedAsync(CaseRun run, bool asPublished)
    {
        string topic = run.NewTopic();
        ConnectFields fields = run.NewConnect().Persistent();
        WireClient subscriber = await run.ConnectAsync(fields);
        await subscriber.SubscribeAsync((topic, asPublished ? 1 | SubscriptionOption.RetainAsPublished : 1));
        await subscriber.DisconnectAsync();
        WireClient publisher = await run.ConnectAsync();
        bool[] flags = [true, false, true];
        foreach (bool flag in flags)
        {
            await publisher.PublishAsync(topic, "text", 1, flag);
        }

        IReadOnlyList<WirePacket> messages = await (await run.ConnectAsync(fields)).ReceiveAsync(flags.Length);
        run.Require(
            messages.Select(message => message.Retain).SequenceEqual(flags.Select(flag => flag && asPublished)),
            $"RETAIN {(asPublished ? "1, 0, 1" : "0 in all")} was due; there came {string.Join(", ", messages)}");
    }

    private static async Task RemovedAsync(CaseRun run)
    {
        int[] levels = [.. Enumerable.Range(0, run.Server.MaximumQos + 1)];
        await run.EachAsync(levels, qos => $"QoS {qos}", async qos =>
        {
            string topic = run.NewTopic();
            await run.StoreRetainedAsync(new WireMessage(topic, "kept") { Qos = qos }, new WireMessage(topic, "") { Qos = qos });
            WireClient subscriber = await run.SubscriberAsync(topic);
            IReadOnlyList<WirePacket> came = await subscriber.DrainAsync();

            // An empty message that comes here has been stored, which breaks another rule.
            run.Require(!came.Any(packet => packet.Payload.Length > 0), $"nothing was due; there came {string.Join(", ", came)}");
        });
    }

    private static async Task RemovalDeliveredAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient subscriber = await run.SubscriberAsync(topic);
        await run.StoreRetainedAsync(new WireMessage(topic, "kept"), new WireMessage(topic, ""));
        IReadOnlyList<WirePacket> messages = await subscriber.ReceiveAsync(2);
        run.RequireEqual("kept", messages[0].Text, "the first payload");
        run.RequireEqual(0, messages[1].Payload.Length, "the length of the second payload");
    }

    private static async Task EmptyNotStoredAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        int qos = Math.Min(1, run.Server.MaximumQos);
        await run.StoreRetainedAsync(new WireMessage(topic, ""), new WireMessage(topic, "") { Qos = qos });
        WireClient subscriber = await run.SubscriberAsync(topic);
        await subscriber.ExpectQuietAsync();

        await run.StoreRetainedAsync(new WireMessage(topic + "/2", "kept"), new WireMessage(topic + "/2", "") { Qos = qos });
        WireClient second = await run.SubscriberAsync(topic + "/2");
        IReadOnlyList<WirePacket> came = await second.DrainAsync();
        run.Require(!came.Any(packet => packet.Payload.Length == 0), $"no empty message was due; there came {string.Join(", ", came)}");
    }

    private static async Task PlainNotStoredAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient publisher = await run.ConnectAsync();
        for (int qos = 0; qos <= run.Server.MaximumQos; qos++)
        {
            await publisher.PublishAsync(topic, "passing", qos);
        }

        await publisher.PingAsync();
        await run.ExpectNoRetainedAsync(topic);
    }

    private static async Task PlainLeavesAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        await run.StoreRetainedAsync(topic, "kept");
        WireClient publisher = await run.ConnectAsync();
        for (int qos = 0; qos <= run.Server.MaximumQos; qos++)
        {
            await publisher.PublishAsync(topic, "passing", qos);
            await publisher.PublishAsync(topic, "", qos);
        }

        await publisher.PingAsync();
        await run.ExpectRetainedAsync(topic, "kept");
    }

    private static async Task OutlivesAsync(CaseRun run)
    {
        (string Name, Func<WireClient, ConnectFields, Task> EndAsync)[] ends =
        [
            ("DISCONNECT", (client, _) => client.DisconnectAsync()),
            ("a broken connection", async (client, _) =>
            {
                client.Abort();
                await Task.CompletedTask;
            }),
            ("the same client with a new session", async (_, fields) => await run.ConnectAsync(fields)),
        ];
        await run.EachAsync(ends, end => end.Name, async end =>
        {
            string topic = run.NewTopic();
            ConnectFields fields = run.NewConnect();
            WireClient publisher = await run.ConnectAsync(fields);
            await publisher.PublishAsync(topic, "kept", Math.Min(1, run.Server.MaximumQos), retain: true);
            await publisher.PingAsync();
            await end.EndAsync(publisher, fields);
            await run.ExpectRetainedAsync(topic, "kept");
        });
    }

    private static async Task SubscriptionIdentifierAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        await run.StoreRetainedAsync(topic, "kept");
        WireClient subscriber = await run.ConnectAsync();
        await subscriber.SubscribeAsync(Property.SubscriptionIdentifier(7), (topic, 0));
        WirePacket message = await subscriber.ReceiveAsync();
        IReadOnlyList<long> numbers = message.Numbers(PropertyId.SubscriptionIdentifier);
        run.Require(numbers is [7], $"Subscription Identifier 7 was due; there is {string.Join(", ", numbers)}");
    }

    private static async Task SharedAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        await run.StoreRetainedAsync(topic, "kept");
        await run.ExpectNoRetainedAsync($"$share/group/{topic}");
    }
}
