using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Cases;

/// <summary>The DUP flag (chapter 3.3.1.1), which belongs to one connection and never goes through the server.</summary>
internal static class DuplicateCases
{
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new(
            "The first delivery of a QoS 1 message has DUP 0",
            ["MQTT-3.3.1-3", "MQTT-4.3.2-2", "MQTT311-3.3.1-3", "MQTT311-4.3.2-1"],
            run => FirstAsync(run, 1, isDuplicate: false)) { Needs = Needs.Qos1 },
        new(
            "The first delivery of a QoS 2 message has DUP 0",
            ["MQTT-3.3.1-3", "MQTT-4.3.3-2", "MQTT311-3.3.1-3", "MQTT311-4.3.3-1"],
            run => FirstAsync(run, 2, isDuplicate: false)) { Needs = Needs.Qos2 },
        new(
            "DUP of a publisher does not go on to a subscriber at QoS 0",
            ["MQTT-3.3.1-2", "MQTT-3.3.1-3", "MQTT-4.3.1-1", "MQTT311-3.3.1-2", "MQTT311-3.3.1-3", "MQTT311-4.3.1-1"],
            run => FirstAsync(run, 0, isDuplicate: true)) { Needs = Needs.Qos1 },
        new(
            "DUP of a publisher does not go on to a subscriber at QoS 1",
            ["MQTT-3.3.1-3", "MQTT-4.3.2-2", "MQTT311-3.3.1-3", "MQTT311-4.3.2-1"],
            run => FirstAsync(run, 1, isDuplicate: true)) { Needs = Needs.Qos1 },
        new(
            "DUP of a publisher does not go on to a subscriber at QoS 2",
            ["MQTT-3.3.1-3", "MQTT-4.3.3-2", "MQTT311-3.3.1-3", "MQTT311-4.3.3-1"],
            run => FirstAsync(run, 2, isDuplicate: true)) { Needs = Needs.Qos2 },
        new(
            "DUP of a publisher is not retained", ["MQTT-3.3.1-3", "MQTT311-3.3.1-3"], RetainedAsync) { Needs = Needs.Qos1 | Needs.Retain },
        new(
            "A message that waited for its session has DUP 0 when it is first delivered",
            ["MQTT-3.3.1-3", "MQTT-4.3.2-2", "MQTT311-3.3.1-3", "MQTT311-4.3.2-1"],
            WaitedAsync) { Needs = Needs.Qos1 },
        new(
            "A redelivered QoS 1 PUBLISH has DUP 1",
            ["MQTT-3.3.1-1", "MQTT311-3.3.1-1"],
            run => RepeatedAsync(run, 1)) { Needs = Needs.Qos1 },
        new(
            "A redelivered QoS 2 PUBLISH has DUP 1",
            ["MQTT-3.3.1-1", "MQTT311-3.3.1-1"],
            run => RepeatedAsync(run, 2)) { Needs = Needs.Qos2 },
        new(
            "A message redelivered twice has DUP 1 both times",
            ["MQTT-3.3.1-1", "MQTT311-3.3.1-1"],
            RepeatedTwiceAsync) { Needs = Needs.Qos1 },
        new("A QoS 0 PUBLISH with DUP is refused, or goes on without DUP", ["MQTT-3.3.1-2", "MQTT311-3.3.1-2"], WrongAsync),
    ];

    private static async Task FirstAsync(CaseRun run, int qos, bool isDuplicate)
    {
        string topic = run.NewTopic();
        WireClient subscriber = await run.SubscriberAsync(topic, qos);
        WireClient publisher = await run.ConnectAsync();
        await publisher.PublishAsync(new WireMessage(topic, "text") { Qos = Math.Max(qos, 1), Duplicate = isDuplicate });
        WirePacket delivery = await subscriber.TakeAsync(PacketType.Publish);
        run.Require(!delivery.Duplicate, $"DUP should be 0; there came {delivery}");
    }

    private static async Task RetainedAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient publisher = await run.ConnectAsync();
        await publisher.PublishAsync(new WireMessage(topic, "text") { Qos = 1, Duplicate = true, Retain = true });
        WireClient subscriber = await run.SubscriberAsync(topic, 1);
        WirePacket delivery = await subscriber.TakeAsync(PacketType.Publish);
        run.Require(!delivery.Duplicate, $"DUP should be 0; there came {delivery}");
    }

    private static async Task WaitedAsync(CaseRun run)
    {
        SessionPair pair = await SessionPair.BeginAsync(run, 1);

        // In order, and waited for: a connection that breaks may look whole to the server when the message comes.
        await pair.Subscriber.DisconnectAsync();
        await pair.PublishAsync(1, "text");
        WireClient subscriber = await pair.ReturnAsync();
        WirePacket delivery = await subscriber.TakeAsync(PacketType.Publish);
        run.Require(!delivery.Duplicate, $"DUP should be 0; there came {delivery}");
    }

    private static async Task RepeatedAsync(CaseRun run, int qos)
    {
        SessionPair pair = await SessionPair.BeginAsync(run, qos);
        await pair.PublishAsync(qos, "text");
        await pair.Subscriber.TakeAsync(PacketType.Publish);
        await RequireRepeatAsync(run, await pair.ResumeAsync());
    }

    private static async Task RepeatedTwiceAsync(CaseRun run)
    {
        SessionPair pair = await SessionPair.BeginAsync(run, 1);
        await pair.PublishAsync(1, "text");
        await pair.Subscriber.TakeAsync(PacketType.Publish);
        WireClient second = await pair.ResumeAsync();
        await RequireRepeatAsync(run, second);
        second.Abort();
        await RequireRepeatAsync(run, await pair.ReturnAsync());
    }

    private static async Task RequireRepeatAsync(CaseRun run, WireClient subscriber)
    {
        WirePacket repeat = await subscriber.TakeAsync(PacketType.Publish);
        run.Require(repeat.Duplicate, $"DUP should be 1; there came {repeat}");
    }

    private static async Task WrongAsync(CaseRun run)
    {
        const string Question = "a QoS 0 PUBLISH with DUP";
        string topic = run.NewTopic();
        WireClient subscriber = await run.SubscriberAsync(topic);
        WireClient publisher = await run.ConnectAsync();
        await publisher.SendAsync(PacketBytes.Publish(run.Version, new WireMessage(topic, "wrong") { Duplicate = true }));
        await publisher.SendAsync(PacketBytes.PingReq);
        WirePacket? answer = await publisher.ReadAsync();
        if (answer?.Type != PacketType.PingResp)
        {
            run.Require(
                answer is null or { Type: PacketType.Disconnect, Reason: ReasonCode.MalformedPacket or ReasonCode.ProtocolError },
                $"PINGRESP, 0x81, 0x82 or a close was due; there came {answer}");
            run.Note(Question, "is refused");
            return;
        }

        await publisher.PublishAsync(topic, "right");
        WirePacket delivery = await subscriber.TakeAsync(PacketType.Publish);
        run.Require(!delivery.Duplicate, $"DUP should be 0; there came {delivery}");
        run.Note(Question, delivery.Text == "wrong" ? "goes on without DUP" : "is dropped");
    }
}
