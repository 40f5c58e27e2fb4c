using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Cases;

/// <summary>SUBSCRIBE for a filter that the session is subscribed to (chapter 3.8.4).</summary>
internal static class ResubscribeCases
{
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("Subscribing again replaces the QoS and makes no second copy", ["MQTT-3.8.4-3", "MQTT311-3.8.4-3"], QosAsync)
        {
            Needs = Needs.Qos2,
        },
        new("Subscribing again in a resumed session replaces the subscription", ["MQTT-3.8.4-3", "MQTT311-3.8.4-3"], ResumedAsync)
        {
            Needs = Needs.Qos1,
        },
        new(
            "The same filter twice in one SUBSCRIBE is one subscription, and the second rules",
            ["MQTT-3.8.4-3", "MQTT311-3.8.4-3"],
            TwiceInOneAsync)
        {
            Needs = Needs.Qos1,
        },
        new("Subscribing again replaces Retain As Published", ["MQTT-3.8.4-3"], RetainAsPublishedAsync) { Needs = Needs.Retain },
        new("Subscribing again replaces No Local", ["MQTT-3.8.4-3"], NoLocalAsync),
        new("Subscribing again brings the retained message again", ["MQTT-3.8.4-4", "MQTT311-3.8.4-3"], RetainedAgainAsync)
        {
            Needs = Needs.Retain,
        },
        new(
            "Subscribing again with wildcards brings all retained messages again",
            ["MQTT-3.8.4-4", "MQTT311-3.8.4-3"],
            AllRetainedAgainAsync)
        {
            Needs = Needs.Retain | Needs.Wildcards,
        },
        new("Subscribing again during a flow of messages makes no gap and no doubles", ["MQTT-3.8.4-4", "MQTT311-3.8.4-3"], FlowAsync)
        {
            Needs = Needs.Qos1,
        },
    ];

    private static async Task QosAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient client = await run.ConnectAsync();
        WireClient publisher = await run.ConnectAsync();
        foreach (int qos in new[] { 0, 1, 2, 1, 0, 2, 0 })
        {
            await client.SubscribeAsync((topic, qos));
            await publisher.PublishAsync(topic, "message", 2);
            IReadOnlyList<WirePacket> came = await run.CollectAsync(client, publisher, topic, 1);
            run.RequireEqual(1, came.Count, $"the number of copies for QoS {qos}");
            run.RequireEqual(qos, came[0].Qos, "the QoS of the delivery");
        }
    }

    private static async Task ResumedAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        ConnectFields fields = run.NewConnect().Persistent();
        WireClient client = await run.ConnectAsync(fields);
        await client.SubscribeAsync((topic, 0));
        await client.DisconnectAsync();
        WireClient again = await run.ConnectAsync(fields);
        await again.SubscribeAsync((topic, 1));
        await again.PublishAsync(topic, "message", 1);
        IReadOnlyList<WirePacket> came = await run.CollectAsync(again, again, topic, 1);
        run.RequireEqual(1, came.Count, "the number of copies");
        run.RequireEqual(1, came[0].Qos, "the QoS of the delivery");
    }

    private static async Task TwiceInOneAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient client = await run.ConnectAsync();
        await client.SubscribeAsync((topic, 0), (topic, 1));
        await client.PublishAsync(topic, "message", 1);
        IReadOnlyList<WirePacket> came = await run.CollectAsync(client, client, topic, 1);
        run.RequireEqual(1, came.Count, "the number of copies");
        run.RequireEqual(1, came[0].Qos, "the QoS of the delivery");
    }

    private static async Task RetainAsPublishedAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient client = await run.ConnectAsync();
        WireClient publisher = await run.ConnectAsync();
        await client.SubscribeAsync((topic, 0));
        foreach (bool asPublished in new[] { true, false })
        {
            await client.SubscribeAsync((topic, asPublished ? SubscriptionOption.RetainAsPublished : 0));
            await publisher.PublishAsync(topic, "message", retain: true);
            WirePacket message = await client.ReceiveAsync();
            run.RequireEqual(asPublished, message.Retain, $"RETAIN with Retain As Published {(asPublished ? 1 : 0)}");
            await publisher.PublishAsync(topic, "", retain: true);
            await client.ReceiveAsync();
        }
    }

    private static async Task NoLocalAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient client = await run.SubscriberAsync(topic);
        WireClient other = await run.ConnectAsync();
        foreach (int option in new[] { SubscriptionOption.NoLocal, 0, SubscriptionOption.NoLocal })
        {
            await client.SubscribeAsync((topic, option));
            await client.PublishAsync(topic, "own");
            await client.PingAsync();
            IReadOnlyList<WirePacket> came = await run.CollectAsync(client, other, topic, option == 0 ? 1 : 0);
            run.RequireEqual(option == 0 ? 1 : 0, came.Count, $"the number of own messages with No Local {(option == 0 ? 0 : 1)}");
        }
    }

    private static async Task RetainedAgainAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        await run.StoreRetainedAsync(topic, "retained");
        WireClient client = await run.ConnectAsync();
        for (int i = 0; i < 3; i++)
        {
            await client.SubscribeAsync((topic, i % 2));
            WirePacket message = await client.ReceiveAsync();
            run.RequireEqual("retained", message.Text, "the retained message");
            run.Require(message.Retain, "RETAIN should be set");
        }

        await client.PublishAsync(topic, "", retain: true);
    }

    private static async Task AllRetainedAgainAsync(CaseRun run)
    {
        string root = run.NewTopic();
        int qos = Math.Min(1, run.Server.MaximumQos);
        await run.StoreRetainedAsync([.. Enumerable.Range(0, 5).Select(i => new WireMessage($"{root}/{i}", $"{i}") { Qos = qos })]);
        WireClient client = await run.ConnectAsync();
        for (int i = 0; i < 2; i++)
        {
            await client.SubscribeAsync(($"{root}/#", 0));
            IReadOnlyList<WirePacket> came = await client.ReceiveAsync(5);
            run.RequireEqual(
                "0, 1, 2, 3, 4",
                string.Join(", ", came.Select(message => message.Text).Order(StringComparer.Ordinal)),
                "what was retained");
        }

        for (int i = 0; i < 5; i++)
        {
            await client.PublishAsync($"{root}/{i}", "", retain: true);
        }
    }

    private static async Task FlowAsync(CaseRun run)
    {
        const int Rounds = 30;
        int perRound = Math.Min(10, run.Server.ReceiveMaximum);
        string topic = run.NewTopic();
        WireClient subscriber = await run.SubscriberAsync(topic, 1);
        WireClient publisher = await run.ConnectAsync();
        for (int round = 0; round < Rounds; round++)
        {
            // The messages and the SUBSCRIBE are on their way at the same time.
            for (int i = 0; i < perRound; i++)
            {
                WireMessage message = new(topic, $"{(round * perRound) + i}") { Qos = 1 };
                await publisher.SendAsync(PacketBytes.Publish(run.Version, message, publisher.NextIdentifier()));
                if (i == perRound / 2)
                {
                    await subscriber.SendAsync(PacketBytes.Subscribe(run.Version, subscriber.NextIdentifier(), [], (topic, 1)));
                }
            }

            for (int i = 0; i < perRound; i++)
            {
                await publisher.TakeAsync(PacketType.PubAck);
            }

            await subscriber.TakeAsync(PacketType.SubAck);
        }

        IReadOnlyList<WirePacket> came = await run.CollectAsync(subscriber, publisher, topic, Rounds * perRound);
        run.RequireEqual(Rounds * perRound, came.Count, "the number of messages");
        for (int i = 0; i < came.Count; i++)
        {
            run.RequireEqual($"{i}", came[i].Text, $"message {i}");
        }
    }
}
