using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Cases;

/// <summary>What is sent again when a session is resumed, and what is not (chapters 4.3, 4.4, 4.6).</summary>
internal static class RedeliveryCases
{
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new(
            "A QoS 1 message without PUBACK comes again when its session is resumed",
            ["MQTT-4.3.2-3", "MQTT-4.4.0-1", "MQTT311-4.3.2-1", "MQTT311-4.4.0-1"],
            run => AgainAsync(run, 1)) { Needs = Needs.Qos1 },
        new(
            "A QoS 2 message without PUBREC comes again when its session is resumed",
            ["MQTT-4.3.3-3", "MQTT-4.4.0-1", "MQTT311-4.3.3-1", "MQTT311-4.4.0-1"],
            run => AgainAsync(run, 2)) { Needs = Needs.Qos2 },
        new(
            "A PUBLISH that comes again has the Packet Identifier that it had",
            ["MQTT-4.4.0-1", "MQTT311-2.3.1-4", "MQTT311-4.4.0-1"],
            IdentifierAsync) { Needs = Needs.Qos2 },
        new(
            "PUBREL without PUBCOMP comes again when its session is resumed",
            ["MQTT-4.3.3-5", "MQTT-4.4.0-1", "MQTT311-4.3.3-1", "MQTT311-4.4.0-1"],
            ReleaseAgainAsync) { Needs = Needs.Qos2 },
        new(
            "After PUBREL the PUBLISH does not come again",
            ["MQTT-4.3.3-6", "MQTT311-4.3.3-1"],
            NoPublishAfterReleaseAsync) { Needs = Needs.Qos2 },
        new(
            "A QoS 1 message that was acknowledged does not come again",
            ["MQTT-4.3.2-3", "MQTT-4.4.0-1", "MQTT311-4.3.2-1", "MQTT311-4.4.0-1"],
            run => NotAgainAsync(run, 1)) { Needs = Needs.Qos1 },
        new(
            "A QoS 2 message that was completed does not come again",
            ["MQTT-4.3.3-5", "MQTT-4.4.0-1", "MQTT311-4.3.3-1", "MQTT311-4.4.0-1"],
            run => NotAgainAsync(run, 2)) { Needs = Needs.Qos2 },
        new(
            "Messages that come again keep their order",
            ["MQTT-4.6.0-5", "MQTT311-4.6.0-1"],
            run => OrderAsync(run, 1, 1)) { Needs = Needs.Qos1 },
        new(
            "QoS 2 messages that come again keep their order",
            ["MQTT-4.6.0-5", "MQTT311-4.6.0-1"],
            run => OrderAsync(run, 2, 2)) { Needs = Needs.Qos2 },
        new(
            "Messages of both QoS that come again keep their order",
            ["MQTT311-4.6.0-1"],
            run => OrderAsync(run, 1, 2)) { Needs = Needs.Qos2 },
        new(
            "What was published meanwhile follows what comes again",
            ["MQTT-4.6.0-5", "MQTT311-4.6.0-6"],
            NewAfterOldAsync) { Needs = Needs.Qos1 },
        new(
            "An open QoS 1 message is not sent again while the connection stays",
            ["MQTT-4.4.0-1"],
            run => QuietAsync(run, 1, isReleased: false)) { Kind = CaseKind.Timed, Needs = Needs.Qos1 },
        new(
            "An open QoS 2 message is not sent again while the connection stays",
            ["MQTT-4.4.0-1"],
            run => QuietAsync(run, 2, isReleased: false)) { Kind = CaseKind.Timed, Needs = Needs.Qos2 },
        new(
            "An open PUBREL is not sent again while the connection stays",
            ["MQTT-4.4.0-1"],
            run => QuietAsync(run, 2, isReleased: true)) { Kind = CaseKind.Timed, Needs = Needs.Qos2 },
        new(
            "A message whose PUBACK has an error does not come again",
            ["MQTT-4.4.0-2"],
            run => RefusedAsync(run, 1, PacketType.PubAck)) { Needs = Needs.Qos1 },
        new(
            "A message whose PUBREC has an error does not come again",
            ["MQTT-4.4.0-2"],
            run => RefusedAsync(run, 2, PacketType.PubRec)) { Needs = Needs.Qos2 },
    ];

    private static async Task<(SessionPair Pair, WirePacket First)> OpenAsync(CaseRun run, int qos)
    {
        SessionPair pair = await SessionPair.BeginAsync(run, qos);
        await pair.PublishAsync(qos, "text");
        return (pair, await pair.Subscriber.TakeAsync(PacketType.Publish));
    }

    private static async Task AgainAsync(CaseRun run, int qos)
    {
        (SessionPair pair, _) = await OpenAsync(run, qos);
        WireClient subscriber = await pair.ResumeAsync();
        WirePacket again = await subscriber.TakeAsync(PacketType.Publish);
        run.RequireEqual(qos, again.Qos, "the QoS of the message that comes again");
        run.RequireEqual(pair.Topic, again.Topic, "the topic of the message that comes again");
        run.RequireEqual("text", again.Text, "the payload of the message that comes again");
    }

    private static async Task IdentifierAsync(CaseRun run)
    {
        SessionPair pair = await SessionPair.BeginAsync(run, 2);
        await pair.PublishAsync(1, "a", "b");
        await pair.PublishAsync(2, "c", "d");
        Dictionary<string, int> identifiers = [];
        for (int i = 0; i < 4; i++)
        {
            WirePacket first = await pair.Subscriber.TakeAsync(PacketType.Publish);
            identifiers[first.Text] = first.Identifier;
        }

        // The first is done, so that a server that counts anew from 1 is found out.
        await pair.Subscriber.SendAsync(PacketBytes.Acknowledge(PacketType.PubAck, identifiers["a"]));
        WireClient subscriber = await pair.ResumeAsync();
        for (int i = 0; i < 3; i++)
        {
            WirePacket again = await subscriber.TakeAsync(PacketType.Publish);
            int first = identifiers.GetValueOrDefault(again.Text);
            run.RequireEqual(first, again.Identifier, $"the Packet Identifier of {again.Text}, which comes again,");
        }
    }

    private static async Task<WireClient> ResumeReleasedAsync(SessionPair pair, WirePacket delivery)
    {
        await pair.Subscriber.SendAsync(PacketBytes.Acknowledge(PacketType.PubRec, delivery.Identifier));
        await pair.Subscriber.TakeAsync(PacketType.PubRel);
        return await pair.ResumeAsync();
    }

    private static async Task ReleaseAgainAsync(CaseRun run)
    {
        (SessionPair pair, WirePacket delivery) = await OpenAsync(run, 2);
        WireClient subscriber = await ResumeReleasedAsync(pair, delivery);
        WirePacket release = await subscriber.TakeAsync(PacketType.PubRel);
        run.RequireEqual(delivery.Identifier, release.Identifier, "the Packet Identifier of the PUBREL that comes again");
    }

    private static async Task NoPublishAfterReleaseAsync(CaseRun run)
    {
        (SessionPair pair, WirePacket delivery) = await OpenAsync(run, 2);
        WireClient subscriber = await ResumeReleasedAsync(pair, delivery);
        IReadOnlyList<WirePacket> came = await subscriber.DrainAsync();
        run.Require(came.All(packet => packet.Type != PacketType.Publish), $"no PUBLISH was due; there came {string.Join(", ", came)}");
    }

    private static async Task NotAgainAsync(CaseRun run, int qos)
    {
        SessionPair pair = await SessionPair.BeginAsync(run, qos);
        await pair.PublishAsync(qos, "done");
        await pair.Subscriber.ReceiveAsync();
        WireClient subscriber = await pair.ResumeAsync();
        await subscriber.ExpectQuietAsync();
    }

    private static async Task OrderAsync(CaseRun run, int firstQos, int secondQos)
    {
        SessionPair pair = await SessionPair.BeginAsync(run, 2);
        List<string> sent = [];
        for (int i = 0; i < 8; i++)
        {
            await pair.PublishAsync(i % 2 == 0 ? firstQos : secondQos, $"{i}");
            sent.Add((await pair.Subscriber.TakeAsync(PacketType.Publish)).Text);
        }

        WireClient subscriber = await pair.ResumeAsync();
        await RequireTextsAsync(run, subscriber, sent);
        subscriber.Abort();
        await RequireTextsAsync(run, await pair.ReturnAsync(), sent);
    }

    private static async Task RequireTextsAsync(CaseRun run, WireClient subscriber, List<string> texts)
    {
        List<string> came = [];
        while (came.Count < texts.Count)
        {
            came.Add((await subscriber.TakeAsync(PacketType.Publish)).Text);
        }

        run.RequireEqual(string.Join(' ', texts), string.Join(' ', came), "the order of the messages that come again");
    }

    private static async Task NewAfterOldAsync(CaseRun run)
    {
        SessionPair pair = await SessionPair.BeginAsync(run, 1);
        await pair.PublishAsync(1, "0", "1", "2");
        for (int i = 0; i < 3; i++)
        {
            await pair.Subscriber.TakeAsync(PacketType.Publish);
        }

        await pair.LeaveAsync();
        await pair.PublishAsync(1, "3", "4", "5");
        WireClient subscriber = await pair.ReturnAsync();
        await pair.PublishAsync(1, "6", "7");
        IReadOnlyList<WirePacket> came = await subscriber.ReceiveAsync(8);
        run.RequireEqual("0 1 2 3 4 5 6 7", string.Join(' ', came.Select(packet => packet.Text)), "the order of the messages");
    }

    private static async Task QuietAsync(CaseRun run, int qos, bool isReleased)
    {
        const double SilentSeconds = 7;
        (SessionPair pair, WirePacket delivery) = await OpenAsync(run, qos);
        if (isReleased)
        {
            await pair.Subscriber.SendAsync(PacketBytes.Acknowledge(PacketType.PubRec, delivery.Identifier));
            await pair.Subscriber.TakeAsync(PacketType.PubRel);
        }

        await pair.Subscriber.ExpectQuietAsync(TimeSpan.FromSeconds(SilentSeconds));
    }

    private static async Task RefusedAsync(CaseRun run, int qos, PacketType answer)
    {
        (SessionPair pair, WirePacket delivery) = await OpenAsync(run, qos);
        await pair.Subscriber.SendAsync(PacketBytes.Acknowledge(answer, delivery.Identifier, ReasonCode.UnspecifiedError));
        WireClient subscriber = await pair.ResumeAsync();
        await subscriber.ExpectQuietAsync();
    }
}
