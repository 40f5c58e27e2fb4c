using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Cases;

/// <summary>The Receive Maximum of a client, and that a server keeps to it (chapters 3.3.4, 4.9).</summary>
internal static class ReceiveMaximumCases
{
    private const int ManyCount = 8;
    private const int NarrowMaximum = 2;

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new(
            "A client with Receive Maximum 1 gets one QoS 1 message, not none and not two",
            ["MQTT-3.3.4-9", "MQTT-4.9.0-1", "MQTT-4.9.0-2"],
            run => OneAsync(run, 1)) { Needs = Needs.Qos1 },
        new(
            "A client with Receive Maximum 1 gets one QoS 2 message, not none and not two",
            ["MQTT-3.3.4-9", "MQTT-4.9.0-1", "MQTT-4.9.0-2"],
            run => OneAsync(run, 2)) { Needs = Needs.Qos2 },
        new(
            "No more QoS 1 messages are open than Receive Maximum allows, and each PUBACK lets one more come",
            ["MQTT-3.3.4-9", "MQTT-4.9.0-2"],
            run => WindowAsync(run, 1, 1)) { Needs = Needs.Qos1 },
        new(
            "No more QoS 2 messages are open than Receive Maximum allows, and each PUBCOMP lets one more come",
            ["MQTT-3.3.4-9", "MQTT-4.9.0-2"],
            run => WindowAsync(run, 2, 2)) { Needs = Needs.Qos2 },
        new(
            "Receive Maximum counts messages of QoS 1 and of QoS 2 together",
            ["MQTT-3.3.4-9", "MQTT-4.9.0-2"],
            run => WindowAsync(run, 1, 2)) { Needs = Needs.Qos2 },
        new(
            "A PUBREC of success does not let another message come",
            ["MQTT-3.3.4-9", "MQTT-4.9.0-2"],
            PubRecKeepsAsync) { Needs = Needs.Qos2 },
        new(
            "A PUBACK with an error lets one more message come",
            ["MQTT-4.4.0-2"],
            run => ErrorFreesAsync(run, 1, PacketType.PubAck)) { Needs = Needs.Qos1 },
        new(
            "A PUBREC with an error lets one more message come",
            ["MQTT-4.4.0-2"],
            run => ErrorFreesAsync(run, 2, PacketType.PubRec)) { Needs = Needs.Qos2 },
        new(
            "Receive Maximum of a new connection holds for what comes again on it",
            ["MQTT-3.3.4-9", "MQTT-4.9.0-1", "MQTT-4.9.0-2"],
            ResumedAsync) { Needs = Needs.Qos1 },
        new(
            "Receive Maximum holds for the retained messages of a new subscription",
            ["MQTT-3.3.4-9", "MQTT-4.9.0-2"],
            RetainedAsync) { Needs = Needs.Qos1 | Needs.Retain },
        new(
            "Receive Maximum holds for what waited for the session",
            ["MQTT-3.3.4-9", "MQTT-4.9.0-2"],
            WaitedAsync) { Needs = Needs.Qos1 },
        new(
            "PINGREQ is answered while Receive Maximum holds up messages",
            ["MQTT-3.3.4-10", "MQTT-4.9.0-3"],
            PingAsync) { Needs = Needs.Qos1 },
        new(
            "SUBSCRIBE and UNSUBSCRIBE are answered while Receive Maximum holds up messages",
            ["MQTT-3.3.4-10", "MQTT-4.9.0-3"],
            SubscribeAsync) { Needs = Needs.Qos1 },
        new(
            "A PUBLISH of the client is taken and answered while Receive Maximum holds up messages to it",
            ["MQTT-3.3.4-10", "MQTT-4.9.0-3"],
            PublishAsync) { Needs = Needs.Qos2 },
        new(
            "PUBREL is sent while Receive Maximum holds up messages",
            ["MQTT-3.3.4-10", "MQTT-4.9.0-3"],
            ReleaseAsync) { Needs = Needs.Qos2 },
        new(
            "At most QoS 0 messages pass while Receive Maximum holds up others",
            ["MQTT-3.3.4-9", "MQTT-4.9.0-2"],
            Qos0Async) { Needs = Needs.Qos1 },
    ];

    private static async Task<(string Topic, WireClient Subscriber, WireClient Publisher)> BeginAsync(CaseRun run, int receiveMaximum)
    {
        string topic = run.NewTopic();
        WireClient subscriber = await run.ConnectAsync(run.NewConnect() with { Properties = Property.ReceiveMaximum(receiveMaximum) });
        await subscriber.SubscribeAsync((topic, 2));
        return (topic, subscriber, await run.ConnectAsync());
    }

    private static async Task OneAsync(CaseRun run, int qos)
    {
        (string topic, WireClient subscriber, WireClient publisher) = await BeginAsync(run, 1);
        for (int i = 0; i < 3; i++)
        {
            await publisher.PublishAsync(topic, $"{i}", qos);
        }

        await subscriber.TakeAsync(PacketType.Publish);
        await subscriber.ExpectQuietAsync();
    }

    /// <summary>Publishes ten in turns of the two QoS, and does what comes step by step.</summary>
    private static async Task WindowAsync(CaseRun run, int firstQos, int secondQos)
    {
        const int Count = 10;
        const int Maximum = 2;
        (string topic, WireClient subscriber, WireClient publisher) = await BeginAsync(run, Maximum);
        for (int i = 0; i < Count; i++)
        {
            await publisher.PublishAsync(topic, $"{i}", i % 2 == 0 ? firstQos : secondQos);
        }

        IReadOnlyList<WirePacket> came = await subscriber.GatherAsync();
        run.Require(came.Count is > 0 and <= Maximum, $"one or two messages were due; there came {string.Join(", ", came)}");
        run.Note("open messages at Receive Maximum 2", $"{came.Count}");
        Queue<WirePacket> open = new(came);
        for (int done = 0; done < Count; done++)
        {
            await subscriber.AcknowledgeAsync(open.Dequeue());
            if (done + came.Count < Count)
            {
                open.Enqueue(await subscriber.TakeAsync(PacketType.Publish));
            }

            // Every third time, as a wait for nothing costs time, and a window that leaks is found all the same.
            if (done % 3 == 0)
            {
                await subscriber.ExpectQuietAsync();
            }
        }
    }

    private static async Task PubRecKeepsAsync(CaseRun run)
    {
        (string topic, WireClient subscriber, WireClient publisher) = await BeginAsync(run, 1);
        await publisher.PublishAsync(topic, "first", qos: 2);
        await publisher.PublishAsync(topic, "second", qos: 2);
        WirePacket first = await subscriber.TakeAsync(PacketType.Publish);
        await subscriber.SendAsync(PacketBytes.Acknowledge(PacketType.PubRec, first.Identifier));
        await subscriber.ExpectAsync(PacketType.PubRel);
        await subscriber.ExpectQuietAsync();
        await subscriber.SendAsync(PacketBytes.Acknowledge(PacketType.PubComp, first.Identifier));
        WirePacket second = await subscriber.TakeAsync(PacketType.Publish);
        run.RequireEqual("second", second.Text, "the message after PUBCOMP");
    }

    private static async Task ErrorFreesAsync(CaseRun run, int qos, PacketType answer)
    {
        (string topic, WireClient subscriber, WireClient publisher) = await BeginAsync(run, 1);
        for (int i = 0; i < 3; i++)
        {
            await publisher.PublishAsync(topic, $"{i}", qos);
        }

        for (int i = 0; i < 3; i++)
        {
            WirePacket delivery = await subscriber.TakeAsync(PacketType.Publish);
            run.RequireEqual($"{i}", delivery.Text, "the next message");
            await subscriber.SendAsync(PacketBytes.Acknowledge(answer, delivery.Identifier, ReasonCode.ImplementationSpecificError));
        }
    }

    private static async Task ResumedAsync(CaseRun run)
    {
        SessionPair pair = await SessionPair.BeginAsync(run, 1);
        await pair.PublishAsync(1, "0", "1", "2");
        for (int i = 0; i < 3; i++)
        {
            await pair.Subscriber.TakeAsync(PacketType.Publish);
        }

        WireClient subscriber = await pair.ResumeAsync(Property.ReceiveMaximum(1));
        for (int i = 0; i < 3; i++)
        {
            WirePacket delivery = await subscriber.TakeAsync(PacketType.Publish);
            run.RequireEqual($"{i}", delivery.Text, "the next message");
            await subscriber.ExpectQuietAsync();
            await subscriber.AcknowledgeAsync(delivery);
        }
    }

    private static async Task RetainedAsync(CaseRun run)
    {
        string root = run.NewTopic();
        string[] topics = [.. Enumerable.Range(0, ManyCount).Select(i => $"{root}/{i}")];
        await run.StoreRetainedAsync([.. topics.Select(topic => new WireMessage(topic, topic) { Qos = 1 })]);
        WireClient subscriber = await run.ConnectAsync(run.NewConnect() with { Properties = Property.ReceiveMaximum(NarrowMaximum) });
        await subscriber.SubscribeAsync([.. topics.Select(topic => (topic, 1))]);
        await RequireManyAsync(run, subscriber);
    }

    private static async Task WaitedAsync(CaseRun run)
    {
        SessionPair pair = await SessionPair.BeginAsync(run, 1);
        await pair.LeaveAsync();
        await pair.PublishAsync(1, [.. Enumerable.Range(0, ManyCount).Select(i => $"{i}")]);
        await RequireManyAsync(run, await pair.ReturnAsync(Property.ReceiveMaximum(NarrowMaximum)));
    }

    /// <summary>Many messages come, but no more than the window takes before the first of them is acknowledged.</summary>
    private static async Task RequireManyAsync(CaseRun run, WireClient subscriber)
    {
        IReadOnlyList<WirePacket> came = await subscriber.GatherAsync();
        run.Require(
            came.Count is > 0 and <= NarrowMaximum,
            $"one to {NarrowMaximum} messages were due; there came {string.Join(", ", came)}");
        foreach (WirePacket open in came)
        {
            await subscriber.AcknowledgeAsync(open);
        }

        IReadOnlyList<WirePacket> rest = await subscriber.ReceiveAsync(ManyCount - came.Count);
        run.RequireEqual(ManyCount, came.Concat(rest).Select(message => message.Text).Distinct().Count(), "the number of messages in all");
    }

    /// <summary>A client whose window is full, and with one more message waiting for it.</summary>
    private static async Task<(string Topic, WireClient Subscriber, WireClient Publisher, WirePacket Open)> FullAsync(
        CaseRun run, int qos = 1)
    {
        (string topic, WireClient subscriber, WireClient publisher) = await BeginAsync(run, 1);
        await publisher.PublishAsync(topic, "first", qos);
        await publisher.PublishAsync(topic, "second", qos);
        return (topic, subscriber, publisher, await subscriber.TakeAsync(PacketType.Publish));
    }

    private static async Task PingAsync(CaseRun run)
    {
        (_, WireClient subscriber, _, _) = await FullAsync(run);
        await subscriber.SendAsync(PacketBytes.PingReq);
        await subscriber.TakeAsync(PacketType.PingResp);
    }

    private static async Task SubscribeAsync(CaseRun run)
    {
        (_, WireClient subscriber, _, _) = await FullAsync(run);
        string other = run.NewTopic();
        await subscriber.SubscribeAsync((other, 1));
        await subscriber.UnsubscribeAsync(other);
    }

    private static async Task PublishAsync(CaseRun run)
    {
        (_, WireClient subscriber, _, _) = await FullAsync(run);
        string topic = run.NewTopic();
        WireClient other = await run.SubscriberAsync(topic, 2);
        await subscriber.PublishAsync(topic, "0", qos: 0);
        await subscriber.PublishAsync(topic, "1", qos: 1);
        await subscriber.PublishAsync(topic, "2", qos: 2);
        await other.ReceiveAsync(3);
    }

    private static async Task ReleaseAsync(CaseRun run)
    {
        (_, WireClient subscriber, _, WirePacket open) = await FullAsync(run, 2);
        await subscriber.SendAsync(PacketBytes.Acknowledge(PacketType.PubRec, open.Identifier));
        await subscriber.TakeAsync(PacketType.PubRel);
    }

    private static async Task Qos0Async(CaseRun run)
    {
        (string topic, WireClient subscriber, WireClient publisher, WirePacket open) = await FullAsync(run);
        await publisher.PublishAsync(topic, "zero");
        await publisher.PingAsync();
        IReadOnlyList<WirePacket> came = await subscriber.DrainAsync();
        run.Require(
            came.All(packet => packet is { Type: PacketType.Publish, Qos: 0 }),
            $"at most QoS 0 was due; there came {string.Join(", ", came)}");
        run.Note("QoS 0 messages while Receive Maximum holds up others", came.Count > 0 ? "are sent" : "wait or are dropped");
        await subscriber.AcknowledgeAsync(open);
        await subscriber.TakeAsync(packet => packet is { Type: PacketType.Publish, Qos: 1 }, "the QoS 1 message that waited");
    }
}
