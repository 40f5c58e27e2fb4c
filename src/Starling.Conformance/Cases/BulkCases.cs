using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Cases;

/// <summary>What shows only after very many messages: order, and Packet Identifiers that come again (chapters 2.2.1, 4.3, 4.6).</summary>
internal static class BulkCases
{
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new(
            "10000 messages of one publisher come in order at QoS 0",
            ["MQTT-4.6.0-5", "MQTT-4.6.0-6", "MQTT311-4.6.0-5", "MQTT311-4.6.0-6"],
            run => OrderAsync(run, 0)) { Kind = CaseKind.Bulk },
        new(
            "10000 messages of one publisher come in order at QoS 1",
            ["MQTT-4.6.0-5", "MQTT-4.6.0-6", "MQTT311-4.6.0-5", "MQTT311-4.6.0-6"],
            run => OrderAsync(run, 1)) { Kind = CaseKind.Bulk, Needs = Needs.Qos1 },
        new(
            "10000 messages of one publisher come in order at QoS 2",
            ["MQTT-4.6.0-5", "MQTT-4.6.0-6", "MQTT311-4.6.0-5", "MQTT311-4.6.0-6"],
            run => OrderAsync(run, 2)) { Kind = CaseKind.Bulk, Needs = Needs.Qos2 },
        new(
            "With one PUBCOMP withheld, 70000 messages come in order and none has its Packet Identifier",
            ["MQTT-2.2.1-4", "MQTT-4.3.2-1", "MQTT311-2.3.1-4", "MQTT311-4.3.2-1"],
            WithheldAsync) { Kind = CaseKind.Bulk, Needs = Needs.Qos2 },
    ];

    private static async Task OrderAsync(CaseRun run, int qos)
    {
        const int Count = 10_000;
        string topic = run.NewTopic();
        WireClient subscriber = await run.SubscriberAsync(topic, qos);
        await new BulkExchange(run, await run.ConnectAsync(), subscriber, topic, qos).RunAsync(Count);
    }

    private static async Task WithheldAsync(CaseRun run)
    {
        // More than there are Packet Identifiers, so that a server that only counts up comes to the open one again.
        const int Count = 70_000;
        const string Question = "delivery to a client that withholds one PUBCOMP";
        string topic = run.NewTopic();
        WireClient subscriber = await run.SubscriberAsync(topic, 2);
        WireClient publisher = await run.ConnectAsync();
        await publisher.PublishAsync(topic, "open", qos: 2);
        WirePacket open = await subscriber.TakeAsync(PacketType.Publish);
        await subscriber.SendAsync(PacketBytes.Acknowledge(PacketType.PubRec, open.Identifier));
        await subscriber.TakeAsync(PacketType.PubRel);

        BulkExchange exchange = new(run, publisher, subscriber, topic, 1) { OpenIdentifier = open.Identifier };
        bool isPaused = !await exchange.RunAsync(Count, TimeSpan.FromSeconds(1));
        run.Note(Question, isPaused ? "pauses before an identifier would come again" : "goes on without the open identifier");
        await RequireOthersGoOnAsync(run);
        await subscriber.SendAsync(PacketBytes.Acknowledge(PacketType.PubComp, open.Identifier));
        exchange.OpenIdentifier = 0;
        await exchange.RunAsync(Count);
        await publisher.PublishAsync(topic, "last", qos: 2);
        WirePacket last = await subscriber.ReceiveAsync();
        run.RequireEqual("last", last.Text, "the message after all others");
    }

    private static async Task RequireOthersGoOnAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient subscriber = await run.SubscriberAsync(topic, 1);
        WireClient publisher = await run.ConnectAsync();
        for (int i = 0; i < 3; i++)
        {
            await publisher.PublishAsync(topic, $"{i}", qos: 1);
            WirePacket delivery = await subscriber.ReceiveAsync();
            run.RequireEqual($"{i}", delivery.Text, "the message of another session");
        }
    }
}
