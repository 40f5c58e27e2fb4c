using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Cases;

/// <summary>The order of messages and of the packets about them (chapter 4.6).</summary>
internal static class OrderCases
{
    private const int Count = 50;

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new(
            "Messages of one publisher come in order at QoS 0",
            ["MQTT-4.6.0-5", "MQTT-4.6.0-6", "MQTT311-4.6.0-5", "MQTT311-4.6.0-6"],
            run => DeliveredAsync(run, 0, 0)),
        new(
            "Messages of one publisher come in order at QoS 1",
            ["MQTT-4.6.0-5", "MQTT-4.6.0-6", "MQTT311-4.6.0-5", "MQTT311-4.6.0-6"],
            run => DeliveredAsync(run, 1, 1)) { Needs = Needs.Qos1 },
        new(
            "Messages of one publisher come in order at QoS 2",
            ["MQTT-4.6.0-5", "MQTT-4.6.0-6", "MQTT311-4.6.0-5", "MQTT311-4.6.0-6"],
            run => DeliveredAsync(run, 2, 2)) { Needs = Needs.Qos2 },
        new(
            "Messages that are published at QoS 2 and delivered at QoS 1 come in order",
            ["MQTT-4.6.0-5", "MQTT-4.6.0-6", "MQTT311-4.6.0-5", "MQTT311-4.6.0-6"],
            run => DeliveredAsync(run, 2, 1)) { Needs = Needs.Qos2 },
        new(
            "Messages that waited for their session come in order",
            ["MQTT-4.6.0-5", "MQTT-4.6.0-6", "MQTT311-4.6.0-5", "MQTT311-4.6.0-6"],
            WaitedAsync) { Needs = Needs.Qos1 },
        new(
            "Messages come in order to a client that takes few at a time",
            ["MQTT-4.6.0-5", "MQTT-4.6.0-6"],
            SmallWindowAsync) { Needs = Needs.Qos2 },
        new(
            "PUBACKs are sent in the order of the PUBLISHes",
            ["MQTT311-4.6.0-2"],
            run => AnswersAsync(run, 1, PacketType.PubAck)) { Needs = Needs.Qos1 },
        new(
            "PUBRECs are sent in the order of the PUBLISHes",
            ["MQTT311-4.6.0-3"],
            run => AnswersAsync(run, 2, PacketType.PubRec)) { Needs = Needs.Qos2 },
        new("PUBRELs are sent in the order of the PUBRECs", ["MQTT311-4.6.0-4"], ReleasesAsync) { Needs = Needs.Qos2 },
        new(
            "A server sends PUBACKs in the order of the PUBLISHes, as clients must",
            ["MQTT-4.6.0-2"],
            run => AnswersAsync(run, 1, PacketType.PubAck)) { Needs = Needs.Qos1, IsAdvice = true },
        new(
            "A server sends PUBRECs in the order of the PUBLISHes, as clients must",
            ["MQTT-4.6.0-3"],
            run => AnswersAsync(run, 2, PacketType.PubRec)) { Needs = Needs.Qos2, IsAdvice = true },
        new(
            "A server sends PUBRELs in the order of the PUBRECs, as clients must",
            ["MQTT-4.6.0-4"],
            ReleasesAsync) { Needs = Needs.Qos2, IsAdvice = true },
    ];

    /// <summary>Numbered messages, as many at once as the server takes; QoS 2 ones are completed one by one.</summary>
    private static async Task PublishNumberedAsync(CaseRun run, WireClient publisher, string topic, int qos)
    {
        int step = qos switch
        {
            0 => Count,
            1 => Math.Min(run.Server.ReceiveMaximum, Count),
            _ => 1,
        };
        foreach (int[] numbers in Enumerable.Range(0, Count).Chunk(step))
        {
            if (qos == 2)
            {
                await publisher.PublishAsync(topic, $"{numbers[0]}", qos);
                continue;
            }

            await publisher.SendAsync([.. numbers.SelectMany(i =>
                PacketBytes.Publish(publisher.Version, new WireMessage(topic, $"{i}") { Qos = qos }, publisher.NextIdentifier()))]);
            for (int i = 0; qos == 1 && i < numbers.Length; i++)
            {
                await publisher.ExpectAsync(PacketType.PubAck);
            }
        }
    }

    private static async Task RequireNumberedAsync(CaseRun run, WireClient subscriber)
    {
        for (int i = 0; i < Count; i++)
        {
            WirePacket delivery = await subscriber.ReceiveAsync();
            run.RequireEqual($"{i}", delivery.Text, "the number of the next message");
        }
    }

    private static async Task DeliveredAsync(CaseRun run, int publishedQos, int subscribedQos)
    {
        string topic = run.NewTopic();
        WireClient first = await run.SubscriberAsync(topic, subscribedQos);
        WireClient second = await run.SubscriberAsync(topic, subscribedQos);
        WireClient publisher = await run.ConnectAsync();
        await PublishNumberedAsync(run, publisher, topic, publishedQos);
        await RequireNumberedAsync(run, first);
        await RequireNumberedAsync(run, second);
    }

    private static async Task WaitedAsync(CaseRun run)
    {
        SessionPair pair = await SessionPair.BeginAsync(run, 1);
        await pair.LeaveAsync();
        await pair.PublishAsync(1, [.. Enumerable.Range(0, Count).Select(i => $"{i}")]);
        await RequireNumberedAsync(run, await pair.ReturnAsync());
    }

    private static async Task SmallWindowAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient subscriber = await run.ConnectAsync(run.NewConnect() with { Properties = Property.ReceiveMaximum(3) });
        await subscriber.SubscribeAsync((topic, 2));
        WireClient publisher = await run.ConnectAsync();
        await PublishNumberedAsync(run, publisher, topic, 2);
        await RequireNumberedAsync(run, subscriber);
    }

    private static async Task AnswersAsync(CaseRun run, int qos, PacketType answerType)
    {
        // Identifiers that go down and up again, so that a server that sorts them is found out.
        int[] identifiers = [.. Enumerable.Range(1, Math.Min(run.Server.ReceiveMaximum, Count)).Select(i => (i * 7919 % 60_000) + 1)];
        string topic = run.NewTopic();
        WireClient client = await run.ConnectAsync();
        ByteWriter bytes = new();
        foreach (int identifier in identifiers)
        {
            bytes.Raw(PacketBytes.Publish(run.Version, new WireMessage(topic, "text") { Qos = qos }, identifier));
        }

        await client.SendAsync(bytes.ToArray());
        List<int> answered = [];
        while (answered.Count < identifiers.Length)
        {
            answered.Add((await client.ExpectAsync(answerType)).Identifier);
        }

        run.RequireEqual(string.Join(' ', identifiers), string.Join(' ', answered), $"the order of {answerType}");
    }

    private static async Task ReleasesAsync(CaseRun run)
    {
        const int OpenCount = 8;
        string topic = run.NewTopic();
        WireClient subscriber = await run.SubscriberAsync(topic, 2);
        WireClient publisher = await run.ConnectAsync();
        List<int> identifiers = [];
        for (int i = 0; i < OpenCount; i++)
        {
            await publisher.PublishAsync(topic, $"{i}", qos: 2);
            identifiers.Insert(0, (await subscriber.TakeAsync(PacketType.Publish)).Identifier);
        }

        await subscriber.SendAsync([.. identifiers.SelectMany(identifier => PacketBytes.Acknowledge(PacketType.PubRec, identifier))]);
        List<int> released = [];
        while (released.Count < OpenCount)
        {
            released.Add((await subscriber.ExpectAsync(PacketType.PubRel)).Identifier);
        }

        run.RequireEqual(string.Join(' ', identifiers), string.Join(' ', released), "the order of PUBREL, which follows PUBREC,");
    }
}
