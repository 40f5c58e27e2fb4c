using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Cases;

/// <summary>How PUBLISH and the steps after it are answered, and with which Packet Identifier (chapters 2.2.1, 3.3.4, 4.3).</summary>
internal static class AcknowledgementCases
{
    private static readonly int[] Identifiers = [1, 0x0100, 0x1234, ushort.MaxValue];

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("A QoS 0 PUBLISH is not answered", ["MQTT-3.3.4-1", "MQTT311-3.3.4-1"], NotAnsweredAsync),
        new(
            "A QoS 1 PUBLISH is answered with PUBACK",
            ["MQTT-3.3.4-1", "MQTT-4.3.2-4", "MQTT311-3.3.4-1", "MQTT311-4.3.2-2"],
            run => AnsweredAsync(run, 1, PacketType.PubAck)) { Needs = Needs.Qos1 },
        new(
            "A QoS 2 PUBLISH is answered with PUBREC",
            ["MQTT-3.3.4-1", "MQTT-4.3.3-8", "MQTT311-3.3.4-1", "MQTT311-4.3.3-2"],
            run => AnsweredAsync(run, 2, PacketType.PubRec)) { Needs = Needs.Qos2 },
        new("PUBREL is answered with PUBCOMP", ["MQTT-4.3.3-11", "MQTT311-4.3.3-2"], CompletedAsync) { Needs = Needs.Qos2 },
        new(
            "A repeated PUBREL is answered with PUBCOMP again",
            ["MQTT-4.3.3-11", "MQTT311-4.3.3-2"],
            RepeatedReleaseAsync) { Needs = Needs.Qos2 },
        new(
            "The PUBREC of a subscriber is answered with PUBREL",
            ["MQTT-4.3.3-4", "MQTT311-4.3.3-1"],
            ReleasedAsync) { Needs = Needs.Qos2 },
        new(
            "PUBACK has the Packet Identifier of its PUBLISH",
            ["MQTT-2.2.1-5", "MQTT-4.3.2-4", "MQTT311-2.3.1-6", "MQTT311-4.3.2-2"],
            run => IdentifierAsync(run, 1, PacketType.PubAck)) { Needs = Needs.Qos1 },
        new(
            "PUBREC has the Packet Identifier of its PUBLISH",
            ["MQTT-2.2.1-5", "MQTT-4.3.3-8", "MQTT311-2.3.1-6", "MQTT311-4.3.3-2"],
            run => IdentifierAsync(run, 2, PacketType.PubRec)) { Needs = Needs.Qos2 },
        new(
            "PUBCOMP has the Packet Identifier of its PUBLISH",
            ["MQTT-2.2.1-5", "MQTT-4.3.3-11", "MQTT311-2.3.1-6", "MQTT311-4.3.3-2"],
            CompletedIdentifierAsync) { Needs = Needs.Qos2 },
        new(
            "PUBREL has the Packet Identifier of its PUBLISH",
            ["MQTT-2.2.1-5", "MQTT-4.3.3-4", "MQTT311-2.3.1-6", "MQTT311-4.3.3-1"],
            ReleasedIdentifierAsync) { Needs = Needs.Qos2 },
    ];

    private static async Task NotAnsweredAsync(CaseRun run)
    {
        WireClient client = await run.ConnectAsync();
        await client.PublishAsync(run.NewTopic(), "0");
        await client.ExpectQuietAsync();
    }

    private static async Task AnsweredAsync(CaseRun run, int qos, PacketType answer)
    {
        WireClient client = await run.ConnectAsync();
        await SendAsync(run, client, qos, client.NextIdentifier());
        await client.ExpectAsync(answer);
    }

    private static async Task IdentifierAsync(CaseRun run, int qos, PacketType answerType)
    {
        WireClient client = await run.ConnectAsync();
        foreach (int identifier in Identifiers)
        {
            await SendAsync(run, client, qos, identifier);
            WirePacket answer = await client.ExpectAsync(answerType);
            run.RequireEqual(identifier, answer.Identifier, $"the Packet Identifier of {answerType}");
        }
    }

    private static async Task CompletedAsync(CaseRun run)
    {
        WireClient client = await run.ConnectAsync();
        await SendAsync(run, client, 2, 1);
        await client.ExpectAsync(PacketType.PubRec);
        await client.SendAsync(PacketBytes.Acknowledge(PacketType.PubRel, 1));
        await client.ExpectAsync(PacketType.PubComp);
    }

    private static async Task RepeatedReleaseAsync(CaseRun run)
    {
        WireClient client = await run.ConnectAsync();
        await SendAsync(run, client, 2, 1);
        await client.ExpectAsync(PacketType.PubRec);
        for (int i = 0; i < 3; i++)
        {
            await client.SendAsync(PacketBytes.Acknowledge(PacketType.PubRel, 1));
            WirePacket answer = await client.ExpectAsync(PacketType.PubComp);
            run.RequireEqual(1, answer.Identifier, "the Packet Identifier of PUBCOMP");
        }
    }

    private static async Task CompletedIdentifierAsync(CaseRun run)
    {
        WireClient client = await run.ConnectAsync();
        foreach (int identifier in Identifiers)
        {
            await SendAsync(run, client, 2, identifier);
            await client.ExpectAsync(PacketType.PubRec);
            await client.SendAsync(PacketBytes.Acknowledge(PacketType.PubRel, identifier));
            WirePacket answer = await client.ExpectAsync(PacketType.PubComp);
            run.RequireEqual(identifier, answer.Identifier, "the Packet Identifier of PUBCOMP");
        }
    }

    private static async Task ReleasedAsync(CaseRun run)
    {
        (WireClient subscriber, WirePacket publish) = await DeliveredAsync(run);
        await subscriber.SendAsync(PacketBytes.Acknowledge(PacketType.PubRec, publish.Identifier));
        await subscriber.ExpectAsync(PacketType.PubRel);
    }

    private static async Task ReleasedIdentifierAsync(CaseRun run)
    {
        (WireClient subscriber, WirePacket publish) = await DeliveredAsync(run);
        await subscriber.SendAsync(PacketBytes.Acknowledge(PacketType.PubRec, publish.Identifier));
        WirePacket release = await subscriber.ExpectAsync(PacketType.PubRel);
        run.RequireEqual(publish.Identifier, release.Identifier, "the Packet Identifier of PUBREL");
    }

    private static async Task<(WireClient Subscriber, WirePacket Publish)> DeliveredAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient subscriber = await run.SubscriberAsync(topic, 2);
        WireClient publisher = await run.ConnectAsync();
        await publisher.PublishAsync(topic, "2", qos: 2);
        return (subscriber, await subscriber.TakeAsync(PacketType.Publish));
    }

    private static Task SendAsync(CaseRun run, WireClient client, int qos, int identifier) =>
        client.SendAsync(PacketBytes.Publish(run.Version, new WireMessage(run.NewTopic(), "text") { Qos = qos }, identifier));
}
