using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Conformance.Cases;

/// <summary>
/// What a server of 5.0 may do without when CONNACK says so, and how it treats clients that ask for it all the same (3.2.2.3). Most of
/// these cases are run on servers that lack something only.
/// </summary>
internal static class RestrictedServerCases
{
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("CONNACK says which QoS the server does not take", ["MQTT-3.2.2-9"], QosAnnouncedAsync),
        new("A server with a Maximum QoS grants subscriptions of any QoS", ["MQTT-3.2.2-10"], QosGrantedAsync),
        new("A PUBLISH above the Maximum QoS gets DISCONNECT 0x9B", ["MQTT-3.2.2-11", "U5-36"], QosPublishedAsync),
        new("A CONNECT with a will above the Maximum QoS is refused", ["MQTT-3.2.2-12"], WillQosAsync),
        new("A CONNECT with a will above the Maximum QoS is refused by code 0x9B", ["MQTT-3.2.2-12"], WillQosCodeAsync) { IsAdvice = true },
        new("A CONNECT with a retained will is refused by a server without retained messages", ["MQTT-3.2.2-13"], WillRetainAsync),
        new("A CONNECT with a retained will is refused by code 0x9A by a server without retained messages",
            ["MQTT-3.2.2-13"], WillRetainCodeAsync) { IsAdvice = true },
        new("A retained PUBLISH gets DISCONNECT 0x9A from a server without retained messages", ["MQTT-3.2.2-14", "U5-36"], RetainAsync),
        new("A Topic Alias gets DISCONNECT 0x94 from a server that announces none", ["MQTT-3.2.2-18"], AliasAsync),
        new("A wildcard is refused by code 0xA2 by a server without them", ["U5-36"], WildcardAsync),
        new("A Shared Subscription is refused by code 0x9E by a server without them", ["U5-36"], SharedAsync),
        new("A Subscription Identifier is refused by code 0xA1 by a server without them", ["U5-36"], SubscriptionIdentifierAsync),
    ];

    private static async Task QosAnnouncedAsync(CaseRun run)
    {
        (WireClient client, WirePacket connAck) = await run.ConnectFullyAsync(run.NewConnect());
        long? announced = connAck.Number(PropertyId.MaximumQos);
        run.Require(announced is null or 0 or 1, $"Maximum QoS is 0 or 1; it is {announced}");
        for (int qos = 0; qos <= (announced ?? 2); qos++)
        {
            await client.PublishAsync(run.NewTopic(), "x", qos);
        }

        await client.PingAsync();
    }

    private static async Task QosGrantedAsync(CaseRun run)
    {
        SkipUnless(run, run.Server.MaximumQos < 2, "takes every QoS");
        for (int qos = 0; qos <= 2; qos++)
        {
            string topic = run.NewTopic();
            WireClient client = await run.ConnectAsync();
            byte[] codes = await client.TrySubscribeAsync((topic, qos));
            run.Require(
                codes is [<= 2] && codes[0] <= qos,
                $"QoS {qos} at most should be granted; SUBACK has {Convert.ToHexString(codes)}");
            await client.PublishAsync(topic, "x");
            await client.ReceiveAsync();
        }
    }

    private static async Task QosPublishedAsync(CaseRun run)
    {
        SkipUnless(run, run.Server.MaximumQos < 2, "takes every QoS");
        for (int qos = run.Server.MaximumQos + 1; qos <= 2; qos++)
        {
            WireClient client = await run.ConnectAsync();
            await client.SendAsync(PacketBytes.Publish(run.Version, new WireMessage(run.NewTopic(), "x") { Qos = qos }, 1));
            await client.ExpectEndAsync(ReasonCode.QoSNotSupported);
        }
    }

    private static async Task WillQosAsync(CaseRun run) => await RefuseWillQosAsync(run);

    private static async Task WillQosCodeAsync(CaseRun run) =>
        run.RequireEqual(ReasonCode.QoSNotSupported, await RefuseWillQosAsync(run), "the code of CONNACK");

    private static async Task<ReasonCode?> RefuseWillQosAsync(CaseRun run)
    {
        SkipUnless(run, run.Server.MaximumQos < 2, "takes every QoS");
        return await Refusal.SendAsync(run, PacketBytes.Connect(
            run.NewConnect() with { Will = new WireWill(run.NewTopic("will"), "x") { Qos = run.Server.MaximumQos + 1 } }));
    }

    private static async Task WillRetainAsync(CaseRun run) => await RefuseWillRetainAsync(run);

    private static async Task WillRetainCodeAsync(CaseRun run) =>
        run.RequireEqual(ReasonCode.RetainNotSupported, await RefuseWillRetainAsync(run), "the code of CONNACK");

    private static async Task<ReasonCode?> RefuseWillRetainAsync(CaseRun run)
    {
        SkipUnless(run, !run.Server.RetainAvailable, "has retained messages");
        return await Refusal.SendAsync(run, PacketBytes.Connect(
            run.NewConnect() with { Will = new WireWill(run.NewTopic("will"), "x") { Retain = true } }));
    }

    private static async Task RetainAsync(CaseRun run)
    {
        SkipUnless(run, !run.Server.RetainAvailable, "has retained messages");
        string topic = run.NewTopic();
        WireClient client = await run.ConnectAsync();
        await client.PublishAsync(topic, "x", qos: 0, retain: true);
        await client.ExpectEndAsync(ReasonCode.RetainNotSupported);
        WireClient watcher = await run.SubscriberAsync(topic);
        await watcher.ExpectQuietAsync();
    }

    private static async Task AliasAsync(CaseRun run)
    {
        SkipUnless(run, run.Server.TopicAliasMaximum == 0, "takes Topic Aliases");
        WireClient client = await run.ConnectAsync();
        await client.PublishAsync(new WireMessage(run.NewTopic(), "x") { Properties = Property.TopicAlias(1) });
        await client.ExpectEndAsync(ReasonCode.TopicAliasInvalid);
    }

    private static async Task WildcardAsync(CaseRun run)
    {
        SkipUnless(run, !run.Server.WildcardsAvailable, "has wildcards");
        await RequireRefusedAsync(run, ReasonCode.WildcardSubscriptionsNotSupported, run.NewTopic("#"), []);
        await RequireRefusedAsync(run, ReasonCode.WildcardSubscriptionsNotSupported, run.NewTopic("+/t"), []);
    }

    private static async Task SharedAsync(CaseRun run)
    {
        SkipUnless(run, !run.Server.SharedAvailable, "has Shared Subscriptions");
        await RequireRefusedAsync(run, ReasonCode.SharedSubscriptionsNotSupported, "$share/name/" + run.NewTopic(), []);
    }

    private static async Task SubscriptionIdentifierAsync(CaseRun run)
    {
        SkipUnless(run, !run.Server.SubscriptionIdentifiersAvailable, "has Subscription Identifiers");
        await RequireRefusedAsync(run, ReasonCode.SubscriptionIdentifiersNotSupported, run.NewTopic(), Property.SubscriptionIdentifier(1));
    }

    /// <summary>The filter is refused by its code in SUBACK, or the connection ends, with that code or without a word.</summary>
    private static async Task RequireRefusedAsync(CaseRun run, ReasonCode code, string filter, byte[] properties)
    {
        WireClient client = await run.ConnectAsync();
        await client.SendAsync(PacketBytes.Subscribe(run.Version, 1, properties, (filter, 0)));
        WirePacket? answer = await client.ReadAsync();
        bool isRefused = answer?.Type switch
        {
            null => true,
            PacketType.SubAck => answer.Codes is [var only] && only == (byte)code,
            _ => answer.Type == PacketType.Disconnect && answer.Reason == code,
        };
        run.Note($"refuses a filter by {code} in", answer?.Type.ToString() ?? "nothing, and closes");
        run.Require(isRefused, $"the code {(int)code:X2} was due; {answer}");
    }

    private static void SkipUnless(CaseRun run, bool condition, string has)
    {
        if (!condition)
        {
            run.Skip($"the server {has}");
        }
    }
}
