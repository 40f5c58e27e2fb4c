using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Cases;

/// <summary>Messages that are too large for a client (chapter 3.1.2.11.4).</summary>
internal static class LargeMessageCases
{
    private const int LimitBytes = 200;
    private const int LargeBytes = 400;

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new(
            "A QoS 0 message that is too large for a client is not sent to it, and the next one is",
            ["MQTT-3.1.2-24", "MQTT-3.1.2-25"],
            run => NotSentAsync(run, 0)),
        new(
            "A QoS 1 message that is too large for a client is not sent to it, and the next one is",
            ["MQTT-3.1.2-24", "MQTT-3.1.2-25"],
            run => NotSentAsync(run, 1)) { Needs = Needs.Qos1 },
        new(
            "A QoS 2 message that is too large for a client is not sent to it, and the next one is",
            ["MQTT-3.1.2-24", "MQTT-3.1.2-25"],
            run => NotSentAsync(run, 2)) { Needs = Needs.Qos2 },
        new(
            "A retained message that is too large for a client is not sent to it",
            ["MQTT-3.1.2-24", "MQTT-3.1.2-25"],
            RetainedAsync) { Needs = Needs.Retain },
        new("A message that is as large as the client allows is sent", ["MQTT-3.1.2-25"], JustFitsAsync) { Needs = Needs.Qos2 },
        new(
            "A message that is one byte larger than the client allows is not sent",
            ["MQTT-3.1.2-24", "MQTT-3.1.2-25"],
            OneTooLargeAsync) { Needs = Needs.Qos2 },
        new(
            "A QoS 1 message that is too large takes no place in the client's Receive Maximum",
            ["MQTT-3.1.2-25"],
            run => NoPlaceAsync(run, 1)) { Needs = Needs.Qos1 },
        new(
            "A QoS 2 message that is too large takes no place in the client's Receive Maximum",
            ["MQTT-3.1.2-25"],
            run => NoPlaceAsync(run, 2)) { Needs = Needs.Qos2 },
        new(
            "Very many messages that are too large leave the way free for the next",
            ["MQTT-3.1.2-25"],
            ManyAsync) { Needs = Needs.Qos1 },
        new(
            "A message that waited and is too large for the client that returns is passed over",
            ["MQTT-3.1.2-25"],
            WaitedAsync) { Needs = Needs.Qos1 },
        new(
            "An open delivery that is too large for the client that returns counts as done",
            ["MQTT-3.1.2-24", "MQTT-3.1.2-25"],
            OpenAsync) { Needs = Needs.Qos1 },
    ];

    private static async Task<WireClient> SubscriberAsync(CaseRun run, string topic, int qos, int limitBytes, params byte[] properties)
    {
        ConnectFields fields = run.NewConnect() with { Properties = [.. Property.MaximumPacketSize((uint)limitBytes), .. properties] };
        WireClient subscriber = await run.ConnectAsync(fields);
        await subscriber.SubscribeAsync((topic, qos));
        return subscriber;
    }

    private static Task<ReasonCode> PublishLargeAsync(WireClient publisher, string topic, int qos) =>
        publisher.PublishAsync(new WireMessage(topic, new byte[LargeBytes]) { Qos = qos });

    private static async Task RequireNextAsync(CaseRun run, WireClient subscriber, string text)
    {
        WirePacket next = await subscriber.ReceiveAsync();
        run.Require(next.Text == text, $"the message '{text}' was due; there came {next} of {next.SizeBytes} bytes");
    }

    private static async Task NotSentAsync(CaseRun run, int qos)
    {
        string topic = run.NewTopic();
        WireClient subscriber = await SubscriberAsync(run, topic, qos, LimitBytes);
        WireClient publisher = await run.ConnectAsync();
        await PublishLargeAsync(publisher, topic, qos);
        await publisher.PublishAsync(topic, "small", qos);
        await RequireNextAsync(run, subscriber, "small");
    }

    private static async Task RetainedAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient publisher = await run.ConnectAsync();
        await publisher.PublishAsync(new WireMessage(topic, new byte[LargeBytes]) { Retain = true });
        await publisher.PingAsync();
        WireClient subscriber = await SubscriberAsync(run, topic, 0, LimitBytes);
        await subscriber.ExpectQuietAsync();
        await publisher.PublishAsync(topic, "small");
        await RequireNextAsync(run, subscriber, "small");
    }

    /// <summary>A message and the size of its PUBLISH, to the publisher's server as to its subscribers.</summary>
    private static (WireMessage Message, int SizeBytes) Measured(string topic, int qos)
    {
        WireMessage message = new(topic, new string('m', LimitBytes)) { Qos = qos };
        return (message, PacketBytes.Publish(MqttVersion.V5, message, 1).Length);
    }

    private static Task JustFitsAsync(CaseRun run) => run.EachAsync([0, 1, 2], qos => $"QoS {qos}", async qos =>
    {
        string topic = run.NewTopic();
        (WireMessage message, int sizeBytes) = Measured(topic, qos);
        WireClient subscriber = await SubscriberAsync(run, topic, qos, sizeBytes);
        WireClient publisher = await run.ConnectAsync();
        await publisher.PublishAsync(message);
        WirePacket delivery = await subscriber.ReceiveAsync();
        run.RequireEqual(sizeBytes, delivery.SizeBytes, "the size of the delivery");
    });

    private static Task OneTooLargeAsync(CaseRun run) => run.EachAsync([0, 1, 2], qos => $"QoS {qos}", async qos =>
    {
        string topic = run.NewTopic();
        (WireMessage message, int sizeBytes) = Measured(topic, qos);
        WireClient subscriber = await SubscriberAsync(run, topic, qos, sizeBytes - 1);
        WireClient publisher = await run.ConnectAsync();
        await publisher.PublishAsync(message);
        await publisher.PublishAsync(topic, "small", qos);
        await RequireNextAsync(run, subscriber, "small");
    });

    private static async Task NoPlaceAsync(CaseRun run, int qos)
    {
        string topic = run.NewTopic();
        WireClient subscriber = await SubscriberAsync(run, topic, qos, LimitBytes, Property.ReceiveMaximum(1));
        WireClient publisher = await run.ConnectAsync();
        foreach (string text in new[] { "first", "second", "third" })
        {
            await PublishLargeAsync(publisher, topic, qos);
            await publisher.PublishAsync(topic, text, qos);
        }

        await RequireNextAsync(run, subscriber, "first");
        await RequireNextAsync(run, subscriber, "second");
        await RequireNextAsync(run, subscriber, "third");
    }

    private static async Task ManyAsync(CaseRun run)
    {
        const int Count = 100;
        string topic = run.NewTopic();
        WireClient subscriber = await SubscriberAsync(run, topic, 1, LimitBytes);
        WireClient publisher = await run.ConnectAsync();
        for (int i = 0; i < Count; i++)
        {
            await PublishLargeAsync(publisher, topic, 1);
        }

        await publisher.PublishAsync(topic, "small", 1);
        await RequireNextAsync(run, subscriber, "small");
    }

    private static async Task WaitedAsync(CaseRun run)
    {
        SessionPair pair = await SessionPair.BeginAsync(run, 1);
        await pair.LeaveAsync();
        await PublishLargeAsync(pair.Publisher, pair.Topic, 1);
        await PublishLargeAsync(pair.Publisher, pair.Topic, 1);
        await pair.PublishAsync(1, "small");
        WireClient subscriber = await pair.ReturnAsync([.. Property.MaximumPacketSize(LimitBytes), .. Property.ReceiveMaximum(1)]);
        await RequireNextAsync(run, subscriber, "small");
    }

    private static async Task OpenAsync(CaseRun run)
    {
        SessionPair pair = await SessionPair.BeginAsync(run, 1);
        await PublishLargeAsync(pair.Publisher, pair.Topic, 1);
        await pair.Subscriber.TakeAsync(PacketType.Publish);
        WireClient subscriber = await pair.ResumeAsync([.. Property.MaximumPacketSize(LimitBytes), .. Property.ReceiveMaximum(1)]);
        await pair.PublishAsync(1, "small");
        await RequireNextAsync(run, subscriber, "small");
    }
}
