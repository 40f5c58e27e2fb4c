using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Cases;

/// <summary>What a Topic Filter may be (chapters 4.7.1 and 4.7.3).</summary>
internal static class TopicFilterCases
{
    private static readonly string[] NullTexts = ["\0", "\0a", "a\0b", "a\0"];

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("A filter with # that is not a whole, last level is refused", ["MQTT-4.7.1-1", "MQTT311-4.7.1-2"], BadMultiLevelAsync)
        {
            Needs = Needs.Wildcards,
        },
        new("A filter with # as its whole, last level is granted", ["MQTT-4.7.1-1", "MQTT311-4.7.1-2"], GoodMultiLevelAsync)
        {
            Needs = Needs.Wildcards,
        },
        new("A filter with + that does not fill a level is refused", ["MQTT-4.7.1-2", "MQTT311-4.7.1-3"], BadSingleLevelAsync)
        {
            Needs = Needs.Wildcards,
        },
        new("A filter with + that fills a level is granted, wherever it stands", ["MQTT-4.7.1-2", "MQTT311-4.7.1-3"], GoodSingleLevelAsync)
        {
            Needs = Needs.Wildcards,
        },
        new("An empty filter in SUBSCRIBE is refused", ["MQTT-4.7.3-1", "MQTT311-4.7.3-1"], EmptyAsync),
        new("An empty filter in UNSUBSCRIBE is refused", ["MQTT-4.7.3-1", "MQTT311-4.7.3-1"], EmptyUnsubscribeAsync),
        new("A filter with U+0000 in SUBSCRIBE ends the connection", ["MQTT-4.7.3-2", "MQTT311-4.7.3-2"], NullAsync),
        new("A filter with U+0000 in UNSUBSCRIBE ends the connection", ["MQTT-4.7.3-2", "MQTT311-4.7.3-2"], NullUnsubscribeAsync),
        new("A filter of 65535 bytes can be unsubscribed", ["MQTT-4.7.3-3", "MQTT311-4.7.3-3"], LongestAsync),
        new("A server without wildcards refuses a filter with wildcards", ["MQTT311-3.8.3-2"], WithoutWildcardsAsync),
    ];

    private static Task BadMultiLevelAsync(CaseRun run) => RefuseEachAsync(run, "/a#", "/#/b", "/#/", "/##", "/#/#", "/#b", "/a/#b", "/+#");

    private static Task BadSingleLevelAsync(CaseRun run) => RefuseEachAsync(
        run, "/a+", "/+b", "/a+b", "/++", "/a+/b", "/b/+a/c", "/+/a+", "+");

    private static Task GoodMultiLevelAsync(CaseRun run) => GrantEachAsync(run, "#", "/#", "{}/#", "{}//#", "{}/+/#", "+/#", "{}/a/b/c/#");

    private static Task GoodSingleLevelAsync(CaseRun run) => GrantEachAsync(
        run, "+", "/+", "+/", "+/+", "{}/+", "+/{}", "{}/+/b", "{}/+/+", "{}/+/");

    private static Task RefuseEachAsync(CaseRun run, params string[] tails) =>
        run.EachAsync(tails, tail => $"'t{tail}'", tail => run.RequireFilterRefusedAsync(run.NewTopic() + tail));

    /// <summary>A filter that reaches into the topics of others may be not allowed, which 3.x cannot tell from not well formed.</summary>
    private static Task GrantEachAsync(CaseRun run, params string[] filters) => run.EachAsync(filters, name => $"'{name}'", async filter =>
    {
        if (filter.StartsWith("{}", StringComparison.Ordinal))
        {
            await run.RequireFilterGrantedAsync(filter.Replace("{}", run.NewTopic(), StringComparison.Ordinal));
            return;
        }

        WireClient client = await run.ConnectAsync();
        byte[] codes = await client.TrySubscribeAsync((filter.Replace("{}", run.NewTopic(), StringComparison.Ordinal), 0));
        bool isDenied = codes is [var code] && (run.IsV5 ? (ReasonCode)code == ReasonCode.NotAuthorized : code == 0x80);
        run.Require(codes is [<= 2] || isDenied, $"the filter should have been granted; SUBACK has {Convert.ToHexString(codes)}");
        if (isDenied)
        {
            run.Note($"lets clients subscribe to {filter}", "no");
        }
    });

    private static Task EmptyAsync(CaseRun run) => run.RequireFilterRefusedAsync("");

    private static async Task EmptyUnsubscribeAsync(CaseRun run)
    {
        WireClient client = await run.ConnectAsync();
        await client.SendAsync(PacketBytes.Unsubscribe(run.Version, client.NextIdentifier(), ""));
        WirePacket? answer = await run.ReadAnswerAsync(
            client, PacketType.UnsubAck, ReasonCode.TopicFilterInvalid, ReasonCode.MalformedPacket, ReasonCode.ProtocolError);
        run.Require(answer is null || (run.IsV5 && answer.Codes is [>= 0x80]), $"the filter should have been refused; {answer}");
    }

    private static Task NullAsync(CaseRun run) => run.EachAsync(NullTexts, Show, async text =>
    {
        WireClient client = await run.ConnectAsync();
        await client.SendAsync(PacketBytes.Subscribe(run.Version, client.NextIdentifier(), [], ($"{run.NewTopic()}/{text}", 0)));
        await client.ExpectEndAsync(ReasonCode.MalformedPacket, ReasonCode.ProtocolError, ReasonCode.TopicFilterInvalid);
    });

    private static Task NullUnsubscribeAsync(CaseRun run) => run.EachAsync(NullTexts, Show, async text =>
    {
        WireClient client = await run.ConnectAsync();
        await client.SendAsync(PacketBytes.Unsubscribe(run.Version, client.NextIdentifier(), $"{run.NewTopic()}/{text}"));
        await client.ExpectEndAsync(ReasonCode.MalformedPacket, ReasonCode.ProtocolError, ReasonCode.TopicFilterInvalid);
    });

    private static async Task LongestAsync(CaseRun run)
    {
        string topic = LongTopics.New(run);
        string lastTopic = run.NewTopic();
        WireClient client = await LongTopics.SubscribeAsync(run, topic);
        await client.SubscribeAsync((lastTopic, 0));
        byte[] codes = await client.UnsubscribeAsync(topic);
        run.Require(!run.IsV5 || codes is [0], $"UNSUBACK 00 was due; it has {Convert.ToHexString(codes)}");
        await client.PublishAsync(topic, "after");
        IReadOnlyList<WirePacket> came = await run.CollectAsync(client, client, lastTopic, 0);
        run.Require(came.Count == 0, "nothing should have come after UNSUBACK");
    }

    private static async Task WithoutWildcardsAsync(CaseRun run)
    {
        WireClient client = await run.ConnectAsync();
        string topic = run.NewTopic();
        byte[] codes = await client.TrySubscribeAsync(($"{topic}/+", 0), ($"{topic}/#", 0), (topic, 0));
        if (codes.Length > 0 && codes[0] <= 2)
        {
            run.Skip("the server has wildcard subscriptions");
        }

        run.RequireEqual("808000", Convert.ToHexString(codes), "SUBACK of two filters with wildcards and one without");
    }

    private static string Show(string text) => $"'{text.Replace("\0", "U+0000", StringComparison.Ordinal)}'";
}
