using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Conformance.Cases;

/// <summary>Subscription Identifiers (chapters 3.3.4 and 3.8.2.1.2).</summary>
internal static class SubscriptionIdentifierCases
{
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("The identifiers of all overlapping subscriptions come with a message", ["MQTT-3.3.4-3"], OverlapAsync) { Needs = Overlapping },
        new("A single copy for overlapping subscriptions has the identifiers of all", ["MQTT-3.3.4-4"], SingleCopyAsync)
        {
            Needs = Overlapping,
        },
        new("Each of several copies has the identifier of its own subscription", ["MQTT-3.3.4-5"], SeveralCopiesAsync)
        {
            Needs = Overlapping,
        },
        new("A subscription without identifier adds none to those of others", ["MQTT-3.3.4-3"], OneWithoutAsync) { Needs = Overlapping },
        new("One SUBSCRIBE gives its identifier to all its filters", ["MQTT-3.3.4-3"], SeveralFiltersAsync)
        {
            Needs = Needs.SubscriptionIdentifiers,
        },
        new("Two subscribers get each their own identifier with a message", ["MQTT-3.3.4-3"], TwoClientsAsync)
        {
            Needs = Needs.SubscriptionIdentifiers,
        },
        new("A subscription keeps its identifier while the client is away", ["MQTT-3.3.4-3"], KeptAsync)
        {
            Needs = Needs.SubscriptionIdentifiers | Needs.Qos1,
        },
        new("A shared subscription has its identifier", ["MQTT-3.3.4-3"], SharedAsync)
        {
            Needs = Needs.SubscriptionIdentifiers | Needs.Shared,
        },
        new("A PUBLISH of a client with a Subscription Identifier ends the connection", ["MQTT-3.3.4-6"], FromClientAsync),
        new("Subscribing again without a Subscription Identifier takes it away", ["U5-28"], TakenAwayAsync)
        {
            Needs = Needs.SubscriptionIdentifiers,
        },
        new("Subscribing again with another Subscription Identifier replaces it", ["U5-28", "MQTT-3.8.4-3"], ReplacedAsync)
        {
            Needs = Needs.SubscriptionIdentifiers,
        },
        new("After UNSUBSCRIBE and SUBSCRIBE only the new Subscription Identifier comes", ["U5-28"], AnewAsync)
        {
            Needs = Needs.SubscriptionIdentifiers,
        },
    ];

    private const Needs Overlapping = Needs.SubscriptionIdentifiers | Needs.Wildcards;

    private static async Task OverlapAsync(CaseRun run) => await run.EachAsync(
        Enumerable.Range(0, run.Server.MaximumQos + 1),
        qos => $"QoS {qos}",
        async qos =>
        {
            IReadOnlyList<WirePacket> copies = await OverlapAsync(run, qos);
            run.RequireEqual("1 2 300", Show(copies.SelectMany(Identifiers)), "the identifiers of all copies");
        });

    private static async Task SingleCopyAsync(CaseRun run)
    {
        IReadOnlyList<WirePacket> copies = await OverlapAsync(run, 0);
        if (copies.Count != 1)
        {
            run.Skip("the server sends a copy for each overlapping subscription");
        }

        run.RequireEqual("1 2 300", Show(Identifiers(copies[0])), "the identifiers of the copy");
    }

    private static async Task SeveralCopiesAsync(CaseRun run)
    {
        IReadOnlyList<WirePacket> copies = await OverlapAsync(run, 0);
        if (copies.Count == 1)
        {
            run.Skip("the server sends a single copy for overlapping subscriptions");
        }

        run.RequireEqual(
            "1, 2, 300",
            string.Join(", ", copies.Select(copy => Show(Identifiers(copy))).Order(StringComparer.Ordinal)),
            "the identifiers of each copy");
    }

    /// <summary>The copies of one message for three overlapping subscriptions with identifiers 1, 2 and 300.</summary>
    private static async Task<IReadOnlyList<WirePacket>> OverlapAsync(CaseRun run, int qos)
    {
        string topic = run.NewTopic();
        WireClient client = await run.ConnectAsync();
        await client.SubscribeAsync(Property.SubscriptionIdentifier(1), ($"{topic}/#", qos));
        await client.SubscribeAsync(Property.SubscriptionIdentifier(2), ($"{topic}/+", qos));
        await client.SubscribeAsync(Property.SubscriptionIdentifier(300), ($"{topic}/a", qos));
        WireClient publisher = await run.ConnectAsync();
        await publisher.PublishAsync($"{topic}/a", "message", qos);
        IReadOnlyList<WirePacket> copies = await run.CollectAsync(client, publisher, $"{topic}/a", 1);
        run.Note("sends a message that several subscriptions of a session match", copies.Count == 1 ? "once" : "once for each");
        return copies;
    }

    private static async Task OneWithoutAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient client = await run.ConnectAsync();
        await client.SubscribeAsync(Property.SubscriptionIdentifier(7), ($"{topic}/#", 0));
        await client.SubscribeAsync(($"{topic}/a", 0));
        await client.PublishAsync($"{topic}/a", "message");
        IReadOnlyList<WirePacket> copies = await run.CollectAsync(client, client, $"{topic}/a", 1);
        run.RequireEqual("7", Show(copies.SelectMany(Identifiers)), "the identifiers of all copies");
    }

    private static async Task SeveralFiltersAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient client = await run.ConnectAsync();
        await client.SubscribeAsync(Property.SubscriptionIdentifier(9), ($"{topic}/a", 0), ($"{topic}/b", 0));
        await RequireIdentifiersAsync(run, client, $"{topic}/a", "9");
        await RequireIdentifiersAsync(run, client, $"{topic}/b", "9");
    }

    private static async Task TwoClientsAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient one = await run.ConnectAsync();
        WireClient two = await run.ConnectAsync();
        WireClient three = await run.SubscriberAsync(topic);
        await one.SubscribeAsync(Property.SubscriptionIdentifier(1), (topic, 0));
        await two.SubscribeAsync(Property.SubscriptionIdentifier(2), (topic, 0));
        await three.PublishAsync(topic, "message");
        run.RequireEqual("1", Show(Identifiers(await one.ReceiveAsync())), "the identifiers for the first client");
        run.RequireEqual("2", Show(Identifiers(await two.ReceiveAsync())), "the identifiers for the second client");
        run.RequireEqual("", Show(Identifiers(await three.ReceiveAsync())), "the identifiers for a client that gave none");
    }

    private static async Task KeptAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        ConnectFields fields = run.NewConnect().Persistent();
        WireClient client = await run.ConnectAsync(fields);
        await client.SubscribeAsync(Property.SubscriptionIdentifier(11), (topic, 1));
        await client.DisconnectAsync();
        WireClient publisher = await run.ConnectAsync();
        await publisher.PublishAsync(topic, "while it was away", 1);
        WireClient again = await run.ConnectAsync(fields);
        run.RequireEqual("11", Show(Identifiers(await again.ReceiveAsync())), "the identifiers of a message that waited");
        await RequireIdentifiersAsync(run, again, topic, "11");
    }

    private static async Task SharedAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient client = await run.ConnectAsync();
        await client.SubscribeAsync(Property.SubscriptionIdentifier(13), ($"$share/g/{topic}", 0));
        await RequireIdentifiersAsync(run, client, topic, "13");
    }

    private static async Task FromClientAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient subscriber = await run.SubscriberAsync(topic, run.Server.MaximumQos);
        await run.EachAsync(Enumerable.Range(0, run.Server.MaximumQos + 1), qos => $"QoS {qos}", async qos =>
        {
            WireClient client = await run.ConnectAsync();
            WireMessage message = new(topic, "wrong") { Qos = qos, Properties = Property.SubscriptionIdentifier(1) };
            await client.SendAsync(PacketBytes.Publish(run.Version, message, 1));
            await client.ExpectEndAsync(ReasonCode.ProtocolError, ReasonCode.MalformedPacket);
        });
        IReadOnlyList<WirePacket> came = await run.CollectAsync(subscriber, await run.ConnectAsync(), topic, 0);
        run.Require(came.Count == 0, $"nobody should have got it; there came {string.Join(", ", came)}");
    }

    private static async Task TakenAwayAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient client = await run.ConnectAsync();
        await client.SubscribeAsync(Property.SubscriptionIdentifier(5), (topic, 0));
        await RequireIdentifiersAsync(run, client, topic, "5");
        await client.SubscribeAsync((topic, 0));
        await RequireIdentifiersAsync(run, client, topic, "");
    }

    private static async Task ReplacedAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient client = await run.ConnectAsync();
        await client.SubscribeAsync((topic, 0));
        await client.SubscribeAsync(Property.SubscriptionIdentifier(5), (topic, 0));
        await RequireIdentifiersAsync(run, client, topic, "5");
        await client.SubscribeAsync(Property.SubscriptionIdentifier(6), (topic, 0));
        await RequireIdentifiersAsync(run, client, topic, "6");
    }

    private static async Task AnewAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient client = await run.ConnectAsync();
        await client.SubscribeAsync(Property.SubscriptionIdentifier(5), (topic, 0));
        await client.UnsubscribeAsync(topic);
        await client.SubscribeAsync(Property.SubscriptionIdentifier(6), (topic, 0));
        await RequireIdentifiersAsync(run, client, topic, "6");
        await client.UnsubscribeAsync(topic);
        await client.SubscribeAsync((topic, 0));
        await RequireIdentifiersAsync(run, client, topic, "");
    }

    private static async Task RequireIdentifiersAsync(CaseRun run, WireClient client, string topic, string expected)
    {
        await client.PublishAsync(topic, "message");
        IReadOnlyList<WirePacket> came = await run.CollectAsync(client, client, topic, 1);
        run.RequireEqual(1, came.Count, "the number of copies");
        run.RequireEqual(expected, Show(Identifiers(came[0])), "its Subscription Identifiers");
    }

    private static IReadOnlyList<long> Identifiers(WirePacket message) => message.Numbers(PropertyId.SubscriptionIdentifier);

    /// <summary>In ascending order, each once: subscriptions may have the same.</summary>
    private static string Show(IEnumerable<long> identifiers) => string.Join(' ', identifiers.Distinct().Order());
}
