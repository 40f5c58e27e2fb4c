using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Cases;

/// <summary>Packets that lack what they are for: SUBSCRIBE and UNSUBSCRIBE without a filter, PUBLISH without a topic.</summary>
internal static class EmptyPacketCases
{
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new(
            "SUBSCRIBE without a Topic Filter is an error",
            ["MQTT-3.8.3-2", "MQTT311-3.8.3-3"],
            run => EmptyAsync(run, PacketType.Subscribe)),
        new(
            "UNSUBSCRIBE without a Topic Filter is an error",
            ["MQTT-3.10.3-2", "MQTT311-3.10.3-2"],
            run => EmptyAsync(run, PacketType.Unsubscribe)),
        new(
            "SUBSCRIBE with properties and no Topic Filter is an error",
            ["MQTT-3.8.3-2"],
            run => OnlyPropertiesAsync(run, PacketType.Subscribe)),
        new(
            "UNSUBSCRIBE with properties and no Topic Filter is an error",
            ["MQTT-3.10.3-2"],
            run => OnlyPropertiesAsync(run, PacketType.Unsubscribe)),
        new("SUBSCRIBE with several Topic Filters is granted filter by filter", ["MQTT-3.8.3-2", "MQTT311-3.8.3-3"], SeveralAsync),
        new("UNSUBSCRIBE with several Topic Filters ends each of them", ["MQTT-3.10.3-2", "MQTT311-3.10.3-2"], UnsubscribeSeveralAsync),
        new("A PUBLISH with an empty Topic Name and no Topic Alias is an error", ["U5-20"], EmptyTopicAsync),
    ];

    private static async Task EmptyAsync(CaseRun run, PacketType type)
    {
        Scene scene = await Scene.OpenAsync(run, type);
        await scene.RefusedAsync((scene.Packet with { Tail = [] }).Bytes, Scene.FormatErrors);
    }

    private static async Task OnlyPropertiesAsync(CaseRun run, PacketType type)
    {
        Scene scene = await Scene.OpenAsync(run, type);
        await scene.RefusedAsync((scene.Packet.With(Property.User("name", "value")) with { Tail = [] }).Bytes, Scene.FormatErrors);
    }

    private static async Task SeveralAsync(CaseRun run)
    {
        WireClient client = await run.ConnectAsync();
        string[] topics = [run.NewTopic(), run.NewTopic(), run.NewTopic()];
        await client.SubscribeAsync([.. topics.Select(topic => (topic, 0))]);
        foreach (string topic in topics)
        {
            await client.PublishAsync(topic, "several");
            run.RequireEqual(topic, (await client.ReceiveAsync()).Topic, "the topic");
        }
    }

    private static async Task UnsubscribeSeveralAsync(CaseRun run)
    {
        WireClient client = await run.ConnectAsync();
        string[] topics = [run.NewTopic(), run.NewTopic(), run.NewTopic()];
        await client.SubscribeAsync([.. topics.Select(topic => (topic, 0))]);
        await client.UnsubscribeAsync(topics[0], topics[2]);
        foreach (string topic in topics)
        {
            await client.PublishAsync(topic, "several");
        }

        run.RequireEqual(topics[1], (await client.ReceiveAsync()).Topic, "the only topic that is still subscribed");
        await client.PingAsync();
        await client.ExpectQuietAsync();
    }

    private static Task EmptyTopicAsync(CaseRun run) => run.EachAsync([0, 1, 2], qos => $"QoS {qos}", async qos =>
    {
        if (qos > run.Server.MaximumQos)
        {
            return;
        }

        WireClient client = await run.ConnectAsync();
        byte[] publish = PacketBytes.Publish(run.Version, new WireMessage("", "nowhere") { Qos = qos }, qos);
        await client.SendRefusedAsync(publish, [.. Scene.FormatErrors, ReasonCode.TopicNameInvalid, ReasonCode.TopicAliasInvalid]);
    });
}
