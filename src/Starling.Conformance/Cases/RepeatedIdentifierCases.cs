using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Cases;

/// <summary>The server as a receiver: when a Packet Identifier is the same message again and when a new one (chapter 4.3).</summary>
internal static class RepeatedIdentifierCases
{
    private const int Identifier = 7;

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new(
            "After PUBACK the same Packet Identifier with DUP 0 is a new message",
            ["MQTT-4.3.2-5", "MQTT311-4.3.2-2"],
            run => NewAfterPubAckAsync(run, isDuplicate: false)) { Needs = Needs.Qos1 },
        new(
            "After PUBACK the same Packet Identifier with DUP 1 is a new message",
            ["MQTT-4.3.2-5", "MQTT311-4.3.2-2"],
            run => NewAfterPubAckAsync(run, isDuplicate: true)) { Needs = Needs.Qos1 },
        new(
            "Until PUBREL every PUBLISH with the Packet Identifier is answered with PUBREC",
            ["MQTT-4.3.3-10", "MQTT311-4.3.3-2"],
            RepeatedAnswerAsync) { Needs = Needs.Qos2 },
        new(
            "Until PUBREL a PUBLISH with the Packet Identifier and DUP 1 is not delivered again",
            ["MQTT-4.3.3-10", "MQTT311-4.3.3-2"],
            run => OneDeliveryAsync(run, isDuplicate: true)) { Needs = Needs.Qos2 },
        new(
            "Until PUBREL a PUBLISH with the Packet Identifier and DUP 0 is not delivered again",
            ["MQTT-4.3.3-10", "MQTT311-4.3.3-2"],
            run => OneDeliveryAsync(run, isDuplicate: false)) { Needs = Needs.Qos2 },
        new(
            "A QoS 2 message that is sent again on the next connection is delivered once",
            ["MQTT-4.3.3-10", "MQTT311-4.3.3-2"],
            OneDeliveryOverConnectionsAsync) { Needs = Needs.Qos2 },
        new(
            "A PUBREL on the next connection completes the message",
            ["MQTT-4.3.3-11", "MQTT311-4.3.3-2"],
            ReleasedOnNextConnectionAsync) { Needs = Needs.Qos2 },
        new(
            "After PUBCOMP the same Packet Identifier with DUP 0 is a new message",
            ["MQTT-4.3.3-12", "MQTT311-4.3.3-2"],
            run => NewAfterPubCompAsync(run, isDuplicate: false)) { Needs = Needs.Qos2 },
        new(
            "After PUBCOMP the same Packet Identifier with DUP 1 is a new message",
            ["MQTT-4.3.3-12", "MQTT311-4.3.3-2"],
            run => NewAfterPubCompAsync(run, isDuplicate: true)) { Needs = Needs.Qos2 },
        new(
            "After a PUBREC with an error the same Packet Identifier is a new message",
            ["MQTT-4.3.3-9"],
            NewAfterRefusalAsync) { Needs = Needs.Qos2 },
    ];

    private static async Task<(string Topic, WireClient Subscriber, WireClient Publisher)> BeginAsync(CaseRun run, int qos)
    {
        string topic = run.NewTopic();
        return (topic, await run.SubscriberAsync(topic, qos), await run.ConnectAsync());
    }

    private static async Task NewAfterPubAckAsync(CaseRun run, bool isDuplicate)
    {
        (string topic, WireClient subscriber, WireClient publisher) = await BeginAsync(run, 1);
        WireMessage message = new(topic, "first") { Qos = 1 };
        await publisher.SendAsync(PacketBytes.Publish(run.Version, message, Identifier));
        await publisher.ExpectAsync(PacketType.PubAck);
        message = new WireMessage(topic, "second") { Qos = 1, Duplicate = isDuplicate };
        await publisher.SendAsync(PacketBytes.Publish(run.Version, message, Identifier));
        await publisher.ExpectAsync(PacketType.PubAck);
        await RequireTextsAsync(run, subscriber, "first", "second");
    }

    private static async Task RepeatedAnswerAsync(CaseRun run)
    {
        (string topic, _, WireClient publisher) = await BeginAsync(run, 2);
        WireMessage message = new(topic, "first") { Qos = 2 };
        for (int i = 0; i < 3; i++)
        {
            await publisher.SendAsync(PacketBytes.Publish(run.Version, message with { Duplicate = i > 0 }, Identifier));
            WirePacket answer = await publisher.ExpectAsync(PacketType.PubRec);
            run.RequireEqual(Identifier, answer.Identifier, "the Packet Identifier of PUBREC");
            run.Require(answer.Reason < ReasonCode.UnspecifiedError, $"a PUBREC of success was due; there came {answer}");
        }
    }

    private static async Task OneDeliveryAsync(CaseRun run, bool isDuplicate)
    {
        (string topic, WireClient subscriber, WireClient publisher) = await BeginAsync(run, 2);
        WireMessage message = new(topic, "first") { Qos = 2 };
        await BeginFlowAsync(publisher, message);
        await BeginFlowAsync(publisher, message with { Duplicate = isDuplicate });
        await EndFlowAsync(publisher);
        await publisher.PublishAsync(topic, "last", qos: 2);
        await RequireTextsAsync(run, subscriber, "first", "last");
    }

    private static async Task OneDeliveryOverConnectionsAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient subscriber = await run.SubscriberAsync(topic, 2);
        ConnectFields fields = run.NewConnect().Persistent();
        WireMessage message = new(topic, "first") { Qos = 2 };
        WireClient publisher = await run.ConnectAsync(fields);
        await BeginFlowAsync(publisher, message);
        publisher.Abort();
        publisher = await run.ConnectAsync(fields);
        await BeginFlowAsync(publisher, message with { Duplicate = true });
        await EndFlowAsync(publisher);
        await publisher.PublishAsync(topic, "last", qos: 2);
        await RequireTextsAsync(run, subscriber, "first", "last");
    }

    private static async Task ReleasedOnNextConnectionAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient subscriber = await run.SubscriberAsync(topic, 2);
        ConnectFields fields = run.NewConnect().Persistent();
        WireClient publisher = await run.ConnectAsync(fields);
        await BeginFlowAsync(publisher, new WireMessage(topic, "first") { Qos = 2 });
        publisher.Abort();
        publisher = await run.ConnectAsync(fields);
        WirePacket completion = await EndFlowAsync(publisher);
        run.RequireEqual(ReasonCode.Success, completion.Reason, "the code of PUBCOMP");
        await RequireTextsAsync(run, subscriber, "first");
    }

    private static async Task NewAfterPubCompAsync(CaseRun run, bool isDuplicate)
    {
        (string topic, WireClient subscriber, WireClient publisher) = await BeginAsync(run, 2);
        await BeginFlowAsync(publisher, new WireMessage(topic, "first") { Qos = 2 });
        await EndFlowAsync(publisher);
        await BeginFlowAsync(publisher, new WireMessage(topic, "second") { Qos = 2, Duplicate = isDuplicate });
        await EndFlowAsync(publisher);
        await RequireTextsAsync(run, subscriber, "first", "second");
    }

    private static async Task NewAfterRefusalAsync(CaseRun run)
    {
        (string topic, WireClient subscriber, WireClient publisher) = await BeginAsync(run, 2);
        WireMessage denied = new(Preparation.DeniedPrefix + run.NewClientIdentifier(), "denied") { Qos = 2 };
        await publisher.SendAsync(PacketBytes.Publish(run.Version, denied, Identifier));
        WirePacket? answer = await publisher.ReadAsync();
        if (answer?.Type != PacketType.PubRec)
        {
            run.Skip("the server ends the connection of a client that publishes where it may not, so that no PUBREC with an error is seen");
        }

        if (answer.Reason < ReasonCode.UnspecifiedError)
        {
            run.Skip(Preparation.NothingDenied);
        }

        await BeginFlowAsync(publisher, new WireMessage(topic, "first") { Qos = 2 });
        WirePacket completion = await EndFlowAsync(publisher);
        run.RequireEqual(ReasonCode.Success, completion.Reason, "the code of PUBCOMP");
        await RequireTextsAsync(run, subscriber, "first");
    }

    private static async Task BeginFlowAsync(WireClient publisher, WireMessage message)
    {
        await publisher.SendAsync(PacketBytes.Publish(publisher.Version, message, Identifier));
        await publisher.ExpectAsync(PacketType.PubRec);
    }

    private static async Task<WirePacket> EndFlowAsync(WireClient publisher)
    {
        await publisher.SendAsync(PacketBytes.Acknowledge(PacketType.PubRel, Identifier));
        return await publisher.ExpectAsync(PacketType.PubComp);
    }

    private static async Task RequireTextsAsync(CaseRun run, WireClient subscriber, params string[] texts)
    {
        foreach (string text in texts)
        {
            WirePacket delivery = await subscriber.ReceiveAsync();
            run.RequireEqual(text, delivery.Text, "the next message");
        }
    }
}
