using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Cases;

/// <summary>What is kept of a session, and what Clean Start and Session Present say of it (3.1.2.4, 3.2.2.1, 4.1).</summary>
internal static class SessionCases
{
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("A session goes on with its subscriptions",
            ["MQTT-3.1.2-5", "MQTT-3.1.2-23", "MQTT-3.1.4-4", "MQTT311-3.1.2-4", "MQTT311-3.1.4-3"], SubscriptionsStayAsync),
        new("A session goes on after its connection broke",
            ["MQTT-3.1.2-5", "MQTT-3.1.2-23", "MQTT311-3.1.2-4"], AfterBreakAsync),
        new("A session gets what was published while its client was away",
            ["MQTT-3.1.2-5", "MQTT-3.1.2-23", "MQTT311-3.1.2-5"], QueuedAsync) { Needs = Needs.Qos1 },
        new("A session gets what was published at QoS 2 while its client was away",
            ["MQTT-3.1.2-5", "MQTT-3.1.2-23", "MQTT311-3.1.2-5"], QueuedQos2Async) { Needs = Needs.Qos2 },
        new("A session keeps what had no place in the client's window",
            ["MQTT-3.1.2-5", "MQTT-3.1.2-23"], WindowFullAsync) { Needs = Needs.Qos1 },
        new("A clean start throws the subscriptions and messages of a session away",
            ["MQTT-3.1.2-4", "MQTT-3.1.4-4", "MQTT311-3.1.2-6", "MQTT311-3.1.4-3"], CleanStartAsync) { Needs = Needs.Qos1 },
        new("A session that was thrown away does not come back",
            ["MQTT-3.1.2-4", "MQTT311-3.1.2-6"], NeverBackAsync),
        new("A clean session is not kept", ["MQTT311-3.1.2-6"], CleanNotKeptAsync),
        new("A client without a session gets a new one that works",
            ["MQTT-3.1.2-6", "MQTT-3.1.4-4", "MQTT311-3.1.2-4", "MQTT311-3.1.4-3"], NewSessionAsync),
        new("A clean start is answered without Session Present", ["MQTT-3.2.2-2", "MQTT311-3.2.2-1"], CleanAnswerAsync),
        new("A session that goes on is answered with Session Present", ["MQTT-3.2.2-3", "MQTT311-3.2.2-2"], PresentAsync),
        new("A new session is answered without Session Present", ["MQTT-3.2.2-3", "MQTT311-3.2.2-3"], AbsentAsync),
        new("CONNACK of 3.1 has no Session Present", ["MQTT31-4"], NoFlagAsync),
        new("CONNACK comes before what waits for the client",
            ["MQTT-3.2.0-1", "MQTT311-3.2.0-1"], ConnAckFirstAsync) { Needs = Needs.Qos1 },
        new("A session lives as long as its connection",
            ["MQTT-4.1.0-1", "MQTT311-4.1.0-2"], WhileConnectedAsync) { Kind = CaseKind.Timed },
        new("A session is kept over many connections and pauses", ["MQTT311-4.1.0-1"], ManyConnectionsAsync) { Kind = CaseKind.Timed },
    ];

    private static async Task SubscriptionsStayAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        ConnectFields fields = await LeaveAsync(run, topic);
        WireClient client = await run.ConnectAsync(fields);
        await (await run.ConnectAsync()).PublishAsync(topic, "x");
        await client.ReceiveAsync();
    }

    private static async Task AfterBreakAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        ConnectFields fields = run.NewConnect().Persistent();
        WireClient client = await run.ConnectAsync(fields);
        await client.SubscribeAsync((topic, 0));
        client.Abort();
        WireClient again = await run.ConnectAsync(fields);
        await (await run.ConnectAsync()).PublishAsync(topic, "x");
        await again.ReceiveAsync();
    }

    private static Task QueuedAsync(CaseRun run) => RequireQueuedAsync(run, 1);

    private static Task QueuedQos2Async(CaseRun run) => RequireQueuedAsync(run, 2);

    private static async Task RequireQueuedAsync(CaseRun run, int qos)
    {
        string topic = run.NewTopic();
        ConnectFields fields = await LeaveAsync(run, topic);
        WireClient publisher = await run.ConnectAsync();
        await publisher.PublishAsync(topic, "first", qos);
        await publisher.PublishAsync(topic, "second", qos);
        WireClient client = await run.ConnectAsync(fields);
        IReadOnlyList<WirePacket> came = await client.ReceiveAsync(2);
        run.RequireEqual("first, second", string.Join(", ", came.Select(packet => packet.Text)), "what came");
    }

    private static async Task WindowFullAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        ConnectFields fields = run.NewConnect().Persistent();
        WireClient client = await run.ConnectAsync(fields with { Properties = [.. fields.Properties, .. Property.ReceiveMaximum(1)] });
        await client.SubscribeAsync((topic, 1));
        WireClient publisher = await run.ConnectAsync();
        foreach (string text in new[] { "first", "second", "third" })
        {
            await publisher.PublishAsync(topic, text, 1);
        }

        await client.TakeAsync(PacketType.Publish);
        client.Abort();
        WireClient again = await run.ConnectAsync(fields);
        IReadOnlyList<WirePacket> came = await again.ReceiveAsync(3);
        run.RequireEqual("first, second, third", string.Join(", ", came.Select(packet => packet.Text)), "what came");
    }

    private static async Task CleanStartAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        ConnectFields fields = await LeaveAsync(run, topic);
        WireClient publisher = await run.ConnectAsync();
        await publisher.PublishAsync(topic, "waits", 1);
        WireClient client = await run.ConnectAsync(fields with { CleanStart = true });
        await publisher.PublishAsync(topic, "comes", 1);
        await client.ExpectQuietAsync();
    }

    private static async Task NeverBackAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        ConnectFields fields = await LeaveAsync(run, topic);
        await (await run.ConnectAsync(fields with { CleanStart = true })).DisconnectAsync();
        WireClient client = await run.ConnectAsync(fields);
        await (await run.ConnectAsync()).PublishAsync(topic, "x");
        await client.ExpectQuietAsync();
    }

    private static async Task CleanNotKeptAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        ConnectFields fields = run.NewConnect();
        WireClient client = await run.ConnectAsync(fields);
        await client.SubscribeAsync((topic, 0));
        await client.DisconnectAsync();
        WireClient again = await run.ConnectAsync(fields with { CleanStart = false });
        await (await run.ConnectAsync()).PublishAsync(topic, "x");
        await again.ExpectQuietAsync();
    }

    private static async Task NewSessionAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient client = await run.ConnectAsync(run.NewConnect().Persistent());
        await client.ExpectQuietAsync();
        await client.SubscribeAsync((topic, 0));
        await client.PublishAsync(topic, "x");
        await client.ReceiveAsync();
    }

    private static async Task CleanAnswerAsync(CaseRun run)
    {
        ConnectFields fields = await LeaveAsync(run, run.NewTopic());
        (_, WirePacket connAck) = await run.ConnectFullyAsync(fields with { CleanStart = true });
        run.RequireEqual(0, connAck.ConnAckFlags, "the flags of CONNACK");
    }

    private static async Task PresentAsync(CaseRun run)
    {
        ConnectFields fields = await LeaveAsync(run, run.NewTopic());
        (_, WirePacket connAck) = await run.ConnectFullyAsync(fields);
        run.RequireEqual(1, connAck.ConnAckFlags, "the flags of CONNACK");
    }

    private static async Task AbsentAsync(CaseRun run)
    {
        (_, WirePacket connAck) = await run.ConnectFullyAsync(run.NewConnect().Persistent());
        run.RequireEqual(0, connAck.ConnAckFlags, "the flags of CONNACK");
    }

    private static async Task NoFlagAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        ConnectFields fields = await LeaveAsync(run, topic);
        (WireClient client, WirePacket connAck) = await run.ConnectFullyAsync(fields);
        run.RequireEqual(0, connAck.ConnAckFlags, "the first byte after the length of CONNACK");
        await (await run.ConnectAsync()).PublishAsync(topic, "x");
        await client.ReceiveAsync();
    }

    private static async Task ConnAckFirstAsync(CaseRun run)
    {
        const int Count = 10;
        string topic = run.NewTopic();
        ConnectFields fields = await LeaveAsync(run, topic);
        WireClient publisher = await run.ConnectAsync();
        for (int i = 0; i < Count; i++)
        {
            await publisher.PublishAsync(topic, "x", 1);
        }

        (WireClient client, WirePacket? first) = await run.TryConnectAsync(fields);
        run.RequireEqual(PacketType.ConnAck, first?.Type, "the first packet");
        await client.ReceiveAsync(Count);
    }

    private static async Task WhileConnectedAsync(CaseRun run)
    {
        const int Expiry = 1;
        string topic = run.NewTopic();
        ConnectFields[] variants = run.IsV5
            ? [run.NewConnect(), run.NewConnect() with { CleanStart = false }, run.NewConnect().Persistent(Expiry)]
            : [run.NewConnect(), run.NewConnect() with { CleanStart = false }];
        WireClient publisher = await run.ConnectAsync();
        List<WireClient> clients = [];
        foreach (ConnectFields fields in variants)
        {
            WireClient client = await run.ConnectAsync(fields);
            await client.SubscribeAsync((topic, 0));
            clients.Add(client);
        }

        await run.DelaySecondsAsync(Expiry + 2);
        await publisher.PublishAsync(topic, "x");
        foreach (WireClient client in clients)
        {
            await client.ReceiveAsync();
        }
    }

    private static async Task ManyConnectionsAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        ConnectFields fields = await LeaveAsync(run, topic);
        WireClient publisher = await run.ConnectAsync();
        for (int i = 0; i < 4; i++)
        {
            await run.DelaySecondsAsync(0.5);
            WireClient client = await run.ConnectAsync(fields);
            await publisher.PublishAsync(topic, $"{i}");
            run.RequireEqual($"{i}", (await client.ReceiveAsync()).Text, "the message");
            await client.DisconnectAsync();
        }
    }

    /// <summary>A session with one subscription, whose client has gone.</summary>
    private static async Task<ConnectFields> LeaveAsync(CaseRun run, string topic)
    {
        ConnectFields fields = run.NewConnect().Persistent();
        WireClient client = await run.ConnectAsync(fields);
        await client.SubscribeAsync((topic, 2));
        await client.DisconnectAsync();
        return fields;
    }
}
