using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Cases;

/// <summary>The option No Local (chapter 3.8.3.1).</summary>
internal static class NoLocalCases
{
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("With No Local a client does not get its own messages", ["MQTT-3.8.3-3"], OwnAsync),
        new("With No Local a client gets the messages of others", ["MQTT-3.8.3-3"], OthersAsync),
        new("Without No Local a client gets its own messages", ["MQTT-3.8.3-3"], WithoutAsync),
        new("With No Local other subscribers get the client's messages", ["MQTT-3.8.3-3"], OthersGetItAsync),
        new("No Local goes by the Client Identifier, also on a new connection", ["MQTT-3.8.3-3"], NewConnectionAsync),
        new("No Local holds for messages on a filter with wildcards", ["MQTT-3.8.3-3"], WildcardAsync) { Needs = Needs.Wildcards },
        new("No Local of one subscription takes nothing from another of the session", ["MQTT-3.8.3-3"], OverlapAsync)
        {
            Needs = Needs.Wildcards,
        },
        new("No Local on a Shared Subscription ends the connection", ["MQTT-3.8.3-4"], SharedAsync) { Needs = Needs.Shared },
        new("No Local on one shared filter among others ends the connection", ["MQTT-3.8.3-4"], SharedAmongOthersAsync)
        {
            Needs = Needs.Shared,
        },
    ];

    private static Task OwnAsync(CaseRun run) => run.EachAsync(Levels(run), qos => $"QoS {qos}", async qos =>
    {
        string topic = run.NewTopic();
        WireClient client = await run.SubscriberAsync(topic, SubscriptionOption.NoLocal | qos);
        await client.PublishAsync(topic, "own", qos);
        await RequireNothingAsync(run, client, topic);
    });

    private static async Task OthersAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient client = await run.SubscriberAsync(topic, SubscriptionOption.NoLocal);
        WireClient other = await run.ConnectAsync();
        await other.PublishAsync(topic, "of another");
        run.RequireEqual("of another", (await client.ReceiveAsync()).Text, "the message");
    }

    private static async Task WithoutAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient client = await run.SubscriberAsync(topic);
        await client.PublishAsync(topic, "own");
        run.RequireEqual("own", (await client.ReceiveAsync()).Text, "the message");
    }

    private static async Task OthersGetItAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient client = await run.SubscriberAsync(topic, SubscriptionOption.NoLocal);
        WireClient alsoNoLocal = await run.SubscriberAsync(topic, SubscriptionOption.NoLocal);
        WireClient plain = await run.SubscriberAsync(topic);
        await client.PublishAsync(topic, "message");
        run.RequireEqual("message", (await alsoNoLocal.ReceiveAsync()).Text, "the message for another with No Local");
        run.RequireEqual("message", (await plain.ReceiveAsync()).Text, "the message for another without");
    }

    private static async Task NewConnectionAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        ConnectFields fields = run.NewConnect().Persistent();
        WireClient client = await run.ConnectAsync(fields);
        await client.SubscribeAsync((topic, SubscriptionOption.NoLocal));
        await client.DisconnectAsync();
        (WireClient again, WirePacket connAck) = await run.ConnectFullyAsync(fields);
        run.Require(connAck.SessionPresent, "the session should have been there still");
        await again.PublishAsync(topic, "own");
        await RequireNothingAsync(run, again, topic);
    }

    private static async Task WildcardAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient client = await run.SubscriberAsync($"{topic}/#", SubscriptionOption.NoLocal);
        await client.PublishAsync($"{topic}/a", "own");
        await RequireNothingAsync(run, client, $"{topic}/a");
    }

    private static async Task OverlapAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient client = await run.ConnectAsync();
        await client.SubscribeAsync(($"{topic}/#", SubscriptionOption.NoLocal), ($"{topic}/a", 0));
        await client.PublishAsync($"{topic}/a", "own");
        IReadOnlyList<WirePacket> came = await run.CollectAsync(client, client, $"{topic}/a", 1);
        run.RequireEqual(1, came.Count, "the number of copies");
    }

    private static Task SharedAsync(CaseRun run) => run.EachAsync([0, 1, 2], qos => $"QoS {qos}", qos =>
        RequireEndAsync(run, ($"$share/g/{run.NewTopic()}", SubscriptionOption.NoLocal | qos)));

    private static Task SharedAmongOthersAsync(CaseRun run) =>
        RequireEndAsync(
            run,
            (run.NewTopic(), SubscriptionOption.NoLocal),
            ($"$share/g/{run.NewTopic()}", SubscriptionOption.NoLocal),
            (run.NewTopic(), 0));

    private static async Task RequireEndAsync(CaseRun run, params (string Filter, int Options)[] filters)
    {
        WireClient client = await run.ConnectAsync();
        await client.SendAsync(PacketBytes.Subscribe(run.Version, 1, [], filters));
        await client.ExpectEndAsync(ReasonCode.ProtocolError, ReasonCode.MalformedPacket);
    }

    /// <summary>What the client itself has published before does not come; a last message of another does.</summary>
    private static async Task RequireNothingAsync(CaseRun run, WireClient client, string topic)
    {
        // The answer to PINGREQ comes when the server has seen the message, so that another's message is later in every case.
        await client.PingAsync();
        IReadOnlyList<WirePacket> came = await run.CollectAsync(client, await run.ConnectAsync(), topic, 0);
        run.Require(came.Count == 0, $"its own message should not have come; there came {string.Join(", ", came)}");
    }

    private static IEnumerable<int> Levels(CaseRun run) => Enumerable.Range(0, run.Server.MaximumQos + 1);
}
