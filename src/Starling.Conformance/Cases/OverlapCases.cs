using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Cases;

/// <summary>Messages that several subscriptions of one session match (chapter 3.3.4 of 5.0, 3.3.5 of 3.1.1).</summary>
internal static class OverlapCases
{
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("Overlapping subscriptions deliver at the highest QoS that one of them has", ["MQTT-3.3.4-2", "MQTT311-3.3.5-1"], HighestAsync)
        {
            Needs = Needs.Wildcards | Needs.Qos2,
        },
        new("Overlapping subscriptions deliver at the highest QoS when messages wait", ["MQTT-3.3.4-2", "MQTT311-3.3.5-1"], QueuedAsync)
        {
            Needs = Needs.Wildcards | Needs.Qos2,
        },
        new(
            "Overlapping subscriptions deliver no higher than the message was published",
            ["MQTT-3.8.4-8", "MQTT311-3.8.4-6"],
            NoHigherAsync)
        {
            Needs = Needs.Wildcards | Needs.Qos2,
        },
        new(
            "When the higher of two overlapping subscriptions ends, the lower goes on",
            ["MQTT-3.3.4-2", "MQTT311-3.3.5-1"],
            LowerStaysAsync)
        {
            Needs = Needs.Wildcards | Needs.Qos2,
        },
    ];

    /// <summary>In every order of three filters, since a server may keep the first or the last it finds.</summary>
    private static Task HighestAsync(CaseRun run)
    {
        int[][] orders = [[2, 1, 0], [2, 0, 1], [1, 2, 0], [1, 0, 2], [0, 1, 2], [0, 2, 1]];
        return run.EachAsync(orders, order => $"filters at QoS {string.Join(", ", order)}", async order =>
        {
            string topic = run.NewTopic();
            WireClient subscriber = await run.ConnectAsync();
            await SubscribeAsync(subscriber, topic, order);
            WireClient publisher = await run.ConnectAsync();
            await publisher.PublishAsync($"{topic}/a", "message", 2);
            await RequireHighestAsync(run, subscriber, publisher, $"{topic}/a", 2);
        });
    }

    private static async Task QueuedAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        ConnectFields fields = run.NewConnect().Persistent();
        WireClient subscriber = await run.ConnectAsync(fields);
        await SubscribeAsync(subscriber, topic, [1, 2, 1]);
        await subscriber.DisconnectAsync();
        WireClient publisher = await run.ConnectAsync();
        await publisher.PublishAsync($"{topic}/a", "message", 2);
        WireClient again = await run.ConnectAsync(fields);
        await RequireHighestAsync(run, again, publisher, $"{topic}/a", 2);
    }

    private static Task NoHigherAsync(CaseRun run) => run.EachAsync([0, 1], qos => $"published at QoS {qos}", async qos =>
    {
        string topic = run.NewTopic();
        WireClient subscriber = await run.ConnectAsync();
        await SubscribeAsync(subscriber, topic, [1, 2, 0]);
        WireClient publisher = await run.ConnectAsync();
        await publisher.PublishAsync($"{topic}/a", "message", qos);
        IReadOnlyList<WirePacket> copies = await run.CollectAsync(subscriber, publisher, $"{topic}/a", 1);
        run.Require(copies.All(copy => copy.Qos <= qos), $"nothing above QoS {qos} was due; there came {string.Join(", ", copies)}");
    });

    private static async Task LowerStaysAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient subscriber = await run.ConnectAsync();
        await SubscribeAsync(subscriber, topic, [2, 0, 1]);
        await subscriber.UnsubscribeAsync($"{topic}/#");
        WireClient publisher = await run.ConnectAsync();
        await publisher.PublishAsync($"{topic}/a", "message", 2);
        await RequireHighestAsync(run, subscriber, publisher, $"{topic}/a", 1);
    }

    private static async Task SubscribeAsync(WireClient client, string topic, int[] qos)
    {
        await client.SubscribeAsync(($"{topic}/#", qos[0]));
        await client.SubscribeAsync(($"{topic}/+", qos[1]), ($"{topic}/a", qos[2]));
    }

    /// <summary>A server may send a copy for each subscription, each at its own QoS and so in any order.</summary>
    private static async Task RequireHighestAsync(CaseRun run, WireClient subscriber, WireClient publisher, string topic, int qos)
    {
        List<WirePacket> copies = [.. await run.CollectAsync(subscriber, publisher, topic, 1)];
        if (copies.All(copy => copy.Qos < qos))
        {
            IReadOnlyList<WirePacket> late = await subscriber.DrainAsync();
            copies.AddRange(late.Where(packet => packet.Type == PacketType.Publish && packet.Text == copies[0].Text));
        }

        run.RequireEqual(qos, copies.Max(copy => copy.Qos), $"the highest QoS of {string.Join(", ", copies)}");
    }
}
