using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Cases;

/// <summary>Deliveries that had begun when their message expired (chapter 4.3.3).</summary>
internal static class QosExpiryCases
{
    private const double LaterSeconds = 2.5;

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new(
            "A PUBREC that comes after the message has expired is answered with PUBREL",
            ["MQTT-4.3.3-7"],
            ReleaseAsync) { Kind = CaseKind.Timed, Needs = Needs.Qos2 },
        new(
            "A delivery that had begun is resumed after the message has expired",
            ["MQTT-4.3.3-7"],
            ResumeAsync) { Kind = CaseKind.Timed, Needs = Needs.Qos2 },
        new(
            "An open PUBREL is resumed after the message has expired",
            ["MQTT-4.3.3-7"],
            ResumeReleasedAsync) { Kind = CaseKind.Timed, Needs = Needs.Qos2 },
        new(
            "A PUBREL that comes after the message has expired is answered with PUBCOMP of success",
            ["MQTT-4.3.3-13"],
            CompleteAsync) { Kind = CaseKind.Timed, Needs = Needs.Qos2 },
        new(
            "A PUBLISH that is repeated after its message has expired is answered with PUBREC",
            ["MQTT-4.3.3-13"],
            RepeatAsync) { Kind = CaseKind.Timed, Needs = Needs.Qos2 },
    ];

    private static WireMessage Expiring(string topic) => new(topic, "text") { Qos = 2, Properties = Property.MessageExpiryInterval(1) };

    private static async Task<(SessionPair Pair, WirePacket Delivery)> DeliverAsync(CaseRun run)
    {
        SessionPair pair = await SessionPair.BeginAsync(run, 2);
        await pair.Publisher.PublishAsync(Expiring(pair.Topic));
        return (pair, await pair.Subscriber.TakeAsync(PacketType.Publish));
    }

    private static async Task RequireReleaseAsync(CaseRun run, WireClient subscriber, int identifier)
    {
        WirePacket release = await subscriber.TakeAsync(PacketType.PubRel);
        run.RequireEqual(identifier, release.Identifier, "the Packet Identifier of PUBREL");
        run.RequireEqual(ReasonCode.Success, release.Reason, "the code of PUBREL");
    }

    private static async Task ReleaseAsync(CaseRun run)
    {
        (SessionPair pair, WirePacket delivery) = await DeliverAsync(run);
        await run.DelaySecondsAsync(LaterSeconds);
        await pair.Subscriber.SendAsync(PacketBytes.Acknowledge(PacketType.PubRec, delivery.Identifier));
        await RequireReleaseAsync(run, pair.Subscriber, delivery.Identifier);
    }

    private static async Task ResumeAsync(CaseRun run)
    {
        (SessionPair pair, WirePacket delivery) = await DeliverAsync(run);
        await pair.LeaveAsync();
        await run.DelaySecondsAsync(LaterSeconds);
        WireClient subscriber = await pair.ReturnAsync();
        WirePacket again = await subscriber.TakeAsync(PacketType.Publish);
        run.RequireEqual(delivery.Identifier, again.Identifier, "the Packet Identifier of the message that comes again");
        await subscriber.SendAsync(PacketBytes.Acknowledge(PacketType.PubRec, again.Identifier));
        await RequireReleaseAsync(run, subscriber, again.Identifier);
    }

    private static async Task ResumeReleasedAsync(CaseRun run)
    {
        (SessionPair pair, WirePacket delivery) = await DeliverAsync(run);
        await pair.Subscriber.SendAsync(PacketBytes.Acknowledge(PacketType.PubRec, delivery.Identifier));
        await pair.Subscriber.TakeAsync(PacketType.PubRel);
        await pair.LeaveAsync();
        await run.DelaySecondsAsync(LaterSeconds);
        await RequireReleaseAsync(run, await pair.ReturnAsync(), delivery.Identifier);
    }

    private static async Task<WireClient> BeginAsync(CaseRun run, WireMessage message)
    {
        WireClient publisher = await run.ConnectAsync();
        await publisher.SendAsync(PacketBytes.Publish(run.Version, message, 1));
        await publisher.ExpectAsync(PacketType.PubRec);
        await run.DelaySecondsAsync(LaterSeconds);
        return publisher;
    }

    private static async Task RequireCompletionAsync(CaseRun run, WireClient publisher)
    {
        await publisher.SendAsync(PacketBytes.Acknowledge(PacketType.PubRel, 1));
        WirePacket completion = await publisher.ExpectAsync(PacketType.PubComp);
        run.RequireEqual(ReasonCode.Success, completion.Reason, "the code of PUBCOMP");
    }

    private static async Task CompleteAsync(CaseRun run)
    {
        WireClient publisher = await BeginAsync(run, Expiring(run.NewTopic()));
        await RequireCompletionAsync(run, publisher);
    }

    private static async Task RepeatAsync(CaseRun run)
    {
        WireMessage message = Expiring(run.NewTopic());
        WireClient publisher = await BeginAsync(run, message);
        await publisher.SendAsync(PacketBytes.Publish(run.Version, message with { Duplicate = true }, 1));
        WirePacket answer = await publisher.ExpectAsync(PacketType.PubRec);
        run.Require(answer.Reason < ReasonCode.UnspecifiedError, $"a PUBREC of success was due; there came {answer}");
        await RequireCompletionAsync(run, publisher);
    }
}
