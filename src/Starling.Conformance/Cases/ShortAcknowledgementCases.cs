using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Cases;

/// <summary>Short acknowledgements of a client, and those for Packet Identifiers that nobody knows (chapters 3.4 to 3.7).</summary>
internal static class ShortAcknowledgementCases
{
    private const int UnknownIdentifier = 1234;

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("PUBACK is understood with and without code and properties", ["U5-38"], PubAckAsync) { Needs = Needs.Qos1 },
        new("PUBREC is understood with and without code and properties", ["U5-38"], PubRecAsync) { Needs = Needs.Qos2 },
        new("PUBREL is understood with and without code and properties", ["U5-38"], PubRelAsync) { Needs = Needs.Qos2 },
        new("PUBCOMP is understood with and without code and properties", ["U5-38"], PubCompAsync) { Needs = Needs.Qos2 },
        new(
            "A PUBREL with an unknown Packet Identifier is answered with PUBCOMP",
            ["U5-40", "MQTT-4.3.3-11", "MQTT311-4.3.3-2"],
            run => AnsweredAsync(run, PacketType.PubRel, PacketType.PubComp)) { Needs = Needs.Qos2 },
        new(
            "The PUBCOMP for an unknown Packet Identifier says that it was not found",
            ["U5-40"],
            run => NotFoundAsync(run, PacketType.PubRel, PacketType.PubComp)) { Needs = Needs.Qos2 },
        new(
            "A PUBREC with an unknown Packet Identifier is answered with PUBREL",
            ["U5-40"],
            run => AnsweredAsync(run, PacketType.PubRec, PacketType.PubRel)) { Needs = Needs.Qos2 },
        new(
            "The PUBREL for an unknown Packet Identifier says that it was not found",
            ["U5-40"],
            run => NotFoundAsync(run, PacketType.PubRec, PacketType.PubRel)) { Needs = Needs.Qos2 },
        new("The steps of a known Packet Identifier are answered with success", ["U5-40"], KnownAsync) { Needs = Needs.Qos2 },
    ];

    private static Task EachFormAsync(CaseRun run, Func<int, Task> body) => run.EachAsync([2, 3, 4], length => $"length {length}", body);

    /// <summary>Only the identifier, and a code, and the length of no properties, as far as the length goes.</summary>
    private static byte[] Form(PacketType type, int identifier, int length) => PacketBytes.Frame(
        ((int)type << 4) | (type == PacketType.PubRel ? 2 : 0),
        new ByteWriter().TwoByte(identifier).Byte(0).Byte(0).ToArray().AsSpan(0, length));

    private static Task PubAckAsync(CaseRun run) => EachFormAsync(run, async length =>
    {
        (WireClient subscriber, WirePacket first) = await FirstOfTwoAsync(run, 1);
        await subscriber.SendAsync(Form(PacketType.PubAck, first.Identifier, length));
        await RequireSecondAsync(run, subscriber);
    });

    private static Task PubRecAsync(CaseRun run) => EachFormAsync(run, async length =>
    {
        (WireClient subscriber, WirePacket first) = await FirstOfTwoAsync(run, 2);
        await subscriber.SendAsync(Form(PacketType.PubRec, first.Identifier, length));
        await subscriber.TakeAsync(PacketType.PubRel);
    });

    private static Task PubRelAsync(CaseRun run) => EachFormAsync(run, async length =>
    {
        WireClient client = await run.ConnectAsync();
        await client.SendAsync(PacketBytes.Publish(run.Version, new WireMessage(run.NewTopic(), "text") { Qos = 2 }, 1));
        await client.ExpectAsync(PacketType.PubRec);
        await client.SendAsync(Form(PacketType.PubRel, 1, length));
        await client.ExpectAsync(PacketType.PubComp);
    });

    private static Task PubCompAsync(CaseRun run) => EachFormAsync(run, async length =>
    {
        (WireClient subscriber, WirePacket first) = await FirstOfTwoAsync(run, 2);
        await subscriber.SendAsync(PacketBytes.Acknowledge(PacketType.PubRec, first.Identifier));
        await subscriber.TakeAsync(PacketType.PubRel);
        await subscriber.SendAsync(Form(PacketType.PubComp, first.Identifier, length));
        await RequireSecondAsync(run, subscriber);
    });

    /// <summary>A subscriber that takes one message at a time, so that the second shows that the first was acknowledged.</summary>
    private static async Task<(WireClient Subscriber, WirePacket First)> FirstOfTwoAsync(CaseRun run, int qos)
    {
        string topic = run.NewTopic();
        WireClient subscriber = await run.ConnectAsync(run.NewConnect() with { Properties = Property.ReceiveMaximum(1) });
        await subscriber.SubscribeAsync((topic, qos));
        WireClient publisher = await run.ConnectAsync();
        await publisher.PublishAsync(topic, "first", qos);
        await publisher.PublishAsync(topic, "second", qos);
        return (subscriber, await subscriber.TakeAsync(PacketType.Publish));
    }

    private static async Task RequireSecondAsync(CaseRun run, WireClient subscriber)
    {
        WirePacket second = await subscriber.TakeAsync(PacketType.Publish);
        run.RequireEqual("second", second.Text, "the message after the first was acknowledged");
    }

    private static async Task<WirePacket> AnsweredAsync(CaseRun run, PacketType type, PacketType answerType)
    {
        WireClient client = await run.ConnectAsync();
        await client.SendAsync(PacketBytes.Acknowledge(type, UnknownIdentifier));
        WirePacket answer = await client.ExpectAsync(answerType);
        run.RequireEqual(UnknownIdentifier, answer.Identifier, $"the Packet Identifier of {answerType}");
        await client.PingAsync();
        return answer;
    }

    private static async Task NotFoundAsync(CaseRun run, PacketType type, PacketType answerType)
    {
        WirePacket answer = await AnsweredAsync(run, type, answerType);
        run.RequireEqual(ReasonCode.PacketIdentifierNotFound, answer.Reason, $"the code of {answerType}");
    }

    private static async Task KnownAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient client = await run.SubscriberAsync(topic, 2);
        await client.SendAsync(PacketBytes.Publish(run.Version, new WireMessage(topic, "text") { Qos = 2 }, UnknownIdentifier));
        await client.TakeAsync(PacketType.PubRec);
        await client.SendAsync(PacketBytes.Acknowledge(PacketType.PubRel, UnknownIdentifier));
        WirePacket completion = await client.TakeAsync(PacketType.PubComp);
        run.RequireEqual(ReasonCode.Success, completion.Reason, "the code of PUBCOMP");
        WirePacket delivery = await client.TakeAsync(PacketType.Publish);
        await client.SendAsync(PacketBytes.Acknowledge(PacketType.PubRec, delivery.Identifier));
        WirePacket release = await client.TakeAsync(PacketType.PubRel);
        run.RequireEqual(ReasonCode.Success, release.Reason, "the code of PUBREL");
    }
}
