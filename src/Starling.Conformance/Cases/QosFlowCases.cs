using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Cases;

/// <summary>The server as a sender: Packet Identifiers and what a first delivery looks like (chapters 2.2.1, 4.3).</summary>
internal static class QosFlowCases
{
    // Fewer than any server is known to have open towards one client.
    private const int OpenCount = 8;

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("QoS 0 messages are delivered at QoS 0", ["MQTT-4.3.1-1", "MQTT311-4.3.1-1"], run => QosAsync(run, 0)),
        new("QoS 1 messages are delivered at QoS 1", ["MQTT-4.3.2-2", "MQTT311-4.3.2-1"], run => QosAsync(run, 1)) { Needs = Needs.Qos1 },
        new("QoS 2 messages are delivered at QoS 2", ["MQTT-4.3.3-2", "MQTT311-4.3.3-1"], run => QosAsync(run, 2)) { Needs = Needs.Qos2 },
        new(
            "Open QoS 1 deliveries have Packet Identifiers of their own",
            ["MQTT-2.2.1-4", "MQTT-4.3.2-1", "MQTT311-2.3.1-4", "MQTT311-4.3.2-1"],
            run => DistinctAsync(run, 1)) { Needs = Needs.Qos1 },
        new(
            "Open QoS 2 deliveries have Packet Identifiers of their own",
            ["MQTT-2.2.1-4", "MQTT-4.3.3-1", "MQTT311-2.3.1-4", "MQTT311-4.3.3-1"],
            run => DistinctAsync(run, 2)) { Needs = Needs.Qos2 },
        new(
            "Open deliveries of QoS 1 and of QoS 2 share one set of Packet Identifiers",
            ["MQTT-2.2.1-4", "MQTT-4.3.2-1", "MQTT-4.3.3-1", "MQTT311-2.3.1-4", "MQTT311-4.3.2-1", "MQTT311-4.3.3-1"],
            run => DistinctAsync(run, 1, 2)) { Needs = Needs.Qos2 },
        new(
            "A Packet Identifier that waits for PUBCOMP is not free for another message",
            ["MQTT-2.2.1-4", "MQTT-4.3.3-1", "MQTT311-2.3.1-4", "MQTT311-4.3.3-1"],
            ReleasedAsync) { Needs = Needs.Qos2 },
        new(
            "New messages of a resumed session take no Packet Identifier that is still open",
            ["MQTT-2.2.1-4", "MQTT-4.3.2-1", "MQTT311-2.3.1-4", "MQTT311-4.3.2-1"],
            ResumedAsync) { Needs = Needs.Qos1 },
        new("PUBREC with an error is not answered with PUBREL", ["MQTT-4.3.3-4"], RefusedAsync) { Needs = Needs.Qos2 },
    ];

    private static async Task QosAsync(CaseRun run, int qos)
    {
        string topic = run.NewTopic();
        WireClient subscriber = await run.SubscriberAsync(topic, qos);
        WireClient publisher = await run.ConnectAsync();
        await publisher.PublishAsync(topic, "text", qos);
        WirePacket delivery = await subscriber.TakeAsync(PacketType.Publish);
        run.RequireEqual(qos, delivery.Qos, "the QoS of the delivery");
        run.Require(qos == 0 || delivery.Identifier != 0, "the delivery should have a Packet Identifier other than 0");
        run.RequireEqual("text", delivery.Text, "the payload");
    }

    /// <summary>Leaves deliveries of these QoS open, one after the other.</summary>
    private static async Task DistinctAsync(CaseRun run, params int[] qos)
    {
        string topic = run.NewTopic();
        WireClient subscriber = await run.SubscriberAsync(topic, 2);
        WireClient publisher = await run.ConnectAsync();
        for (int i = 0; i < OpenCount; i++)
        {
            await publisher.PublishAsync(topic, $"{i}", qos[i % qos.Length]);
        }

        await RequireDistinctAsync(run, subscriber, [], OpenCount);
    }

    private static async Task RequireDistinctAsync(CaseRun run, WireClient subscriber, HashSet<int> taken, int count)
    {
        for (int i = 0; i < count; i++)
        {
            WirePacket delivery = await subscriber.TakeAsync(PacketType.Publish);
            run.Require(delivery.Identifier != 0, $"a Packet Identifier other than 0 was due; there came {delivery}");
            run.Require(taken.Add(delivery.Identifier), $"{delivery} came while a delivery with this Packet Identifier was open");
        }
    }

    private static async Task ReleasedAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient subscriber = await run.SubscriberAsync(topic, 2);
        WireClient publisher = await run.ConnectAsync();
        await publisher.PublishAsync(topic, "open", qos: 2);
        WirePacket open = await subscriber.TakeAsync(PacketType.Publish);
        await subscriber.SendAsync(PacketBytes.Acknowledge(PacketType.PubRec, open.Identifier));
        await subscriber.TakeAsync(PacketType.PubRel);
        for (int i = 0; i < OpenCount; i++)
        {
            await publisher.PublishAsync(topic, $"{i}", qos: 1 + (i % 2));
            WirePacket delivery = await subscriber.ReceiveAsync();
            run.Require(delivery.Identifier != open.Identifier, $"{delivery} came while PUBCOMP of this Packet Identifier was due");
        }
    }

    private static async Task ResumedAsync(CaseRun run)
    {
        SessionPair pair = await SessionPair.BeginAsync(run, 1);
        await pair.PublishAsync(1, "0", "1", "2", "3");
        for (int i = 0; i < 4; i++)
        {
            await pair.Subscriber.TakeAsync(PacketType.Publish);
        }

        WireClient subscriber = await pair.ResumeAsync();
        await pair.PublishAsync(1, "4", "5", "6", "7");
        await RequireDistinctAsync(run, subscriber, [], 8);
    }

    private static async Task RefusedAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient subscriber = await run.SubscriberAsync(topic, 2);
        WireClient publisher = await run.ConnectAsync();
        await publisher.PublishAsync(topic, "text", qos: 2);
        WirePacket delivery = await subscriber.TakeAsync(PacketType.Publish);
        await subscriber.SendAsync(PacketBytes.Acknowledge(PacketType.PubRec, delivery.Identifier, ReasonCode.UnspecifiedError));
        await subscriber.ExpectQuietAsync();
    }
}
