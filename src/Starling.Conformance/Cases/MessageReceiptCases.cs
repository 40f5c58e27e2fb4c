using Starling.Conformance.Running;
using Starling.Conformance.Wire;

namespace Starling.Conformance.Cases;

/// <summary>Which sessions an accepted message goes to (chapters 4.5 and, in 3.1.1, 3.1.2.4).</summary>
internal static class MessageReceiptCases
{
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("A QoS 0 message goes to every matching subscriber", ["MQTT-4.5.0-1", "MQTT311-4.5.0-1"], run => PresentAsync(run, 0)),
        new(
            "A QoS 1 message goes to every matching subscriber",
            ["MQTT-4.5.0-1", "MQTT311-4.5.0-1"],
            run => PresentAsync(run, 1)) { Needs = Needs.Qos1 },
        new(
            "A QoS 2 message goes to every matching subscriber",
            ["MQTT-4.5.0-1", "MQTT311-4.5.0-1"],
            run => PresentAsync(run, 2)) { Needs = Needs.Qos2 },
        new(
            "A QoS 1 message waits in every matching session whose client is away",
            ["MQTT-4.5.0-1", "MQTT311-4.5.0-1", "MQTT311-3.1.2-5"],
            run => AwayAsync(run, 1)) { Needs = Needs.Qos1 },
        new(
            "A QoS 2 message waits in every matching session whose client is away",
            ["MQTT-4.5.0-1", "MQTT311-4.5.0-1", "MQTT311-3.1.2-5"],
            run => AwayAsync(run, 2)) { Needs = Needs.Qos2 },
        new(
            "A message too large for one client reaches the others",
            ["MQTT-4.5.0-1"],
            OthersAsync) { Needs = Needs.Qos1 },
    ];

    private static async Task PresentAsync(CaseRun run, int qos)
    {
        string topic = run.NewTopic();
        WireClient[] subscribers =
        [
            await run.SubscriberAsync(topic, 0),
            await run.SubscriberAsync(topic, qos),
            await run.SubscriberAsync(topic, qos),
        ];
        WireClient publisher = await run.ConnectAsync();
        await publisher.PublishAsync(topic, "text", qos);
        foreach (WireClient subscriber in subscribers)
        {
            WirePacket delivery = await subscriber.ReceiveAsync();
            run.RequireEqual("text", delivery.Text, "the message");
        }
    }

    private static async Task AwayAsync(CaseRun run, int qos)
    {
        SessionPair pair = await SessionPair.BeginAsync(run, qos);
        SessionPair other = await SessionPair.BeginAsync(run, qos);
        await other.Subscriber.SubscribeAsync((pair.Topic, qos));
        await pair.LeaveAsync();
        await other.LeaveAsync();
        await pair.PublishAsync(qos, "first", "second");
        foreach (WireClient subscriber in new[] { await pair.ReturnAsync(), await other.ReturnAsync() })
        {
            IReadOnlyList<WirePacket> came = await subscriber.ReceiveAsync(2);
            run.RequireEqual("first second", string.Join(' ', came.Select(packet => packet.Text)), "what waited");
        }
    }

    private static async Task OthersAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient small = await run.ConnectAsync(run.NewConnect() with { Properties = Property.MaximumPacketSize(200) });
        await small.SubscribeAsync((topic, 1));
        WireClient other = await run.SubscriberAsync(topic, 1);
        WireClient publisher = await run.ConnectAsync();
        await publisher.PublishAsync(new WireMessage(topic, new byte[400]) { Qos = 1 });
        WirePacket delivery = await other.ReceiveAsync();
        run.RequireEqual(400, delivery.Payload.Length, "the size of the payload");
    }
}
