using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Cases;

/// <summary>What a Topic Name may be (chapters 3.3.2.1 and 4.7.3).</summary>
internal static class TopicNameCases
{
    private static readonly ReasonCode[] Malformed = [ReasonCode.MalformedPacket, ReasonCode.ProtocolError, ReasonCode.TopicNameInvalid];

    private static readonly string[] NullTexts = ["\0", "\0a", "a\0b", "a\0"];

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("A Topic Name that is not valid UTF-8 ends the connection", ["MQTT-3.3.2-1", "MQTT311-3.3.2-1"], InvalidTextAsync),
        new(
            "A Topic Name with a wildcard is refused, and the message goes to nobody",
            ["MQTT-3.3.2-2", "MQTT-4.7.0-1", "MQTT311-3.3.2-2", "MQTT311-4.7.1-1"],
            WildcardsAsync),
        new(
            "A Will Topic with a wildcard is refused, or its will goes to nobody",
            ["MQTT-4.7.0-1", "MQTT311-4.7.1-1"],
            WillWildcardsAsync),
        new("A message without topic and Topic Alias ends the connection", ["U5-20", "MQTT-4.7.3-1", "MQTT311-4.7.3-1"], EmptyAsync),
        new("A Topic Name with U+0000 ends the connection", ["MQTT-4.7.3-2", "MQTT311-4.7.3-2"], NullAsync),
        new("A Topic Name of 65535 bytes is carried whole", ["MQTT-4.7.3-3", "MQTT311-4.7.3-3"], LongestAsync),
        new("A Topic Name of one character is a topic", ["MQTT-4.7.3-1", "MQTT311-4.7.3-1"], ShortestAsync),
        new("A message to a topic that begins with $share/ is no shared delivery", ["U5-43"], ShareTextAsync)
        {
            Needs = Needs.Shared | Needs.Qos1,
        },
    ];

    private static Task InvalidTextAsync(CaseRun run)
    {
        (string Name, byte[] Bytes)[] variants =
        [
            ("a byte that is never in UTF-8", [0xFF]),
            ("an overlong form", [0xC0, 0xAF]),
            ("a surrogate", [0xED, 0xA0, 0x80]),
            ("a character cut off", [0xE2, 0x82]),
            ("a character above U+10FFFF", [0xF4, 0x90, 0x80, 0x80]),
        ];
        var each = from variant in variants from qos in Enumerable.Range(0, run.Server.MaximumQos + 1) select (
            variant.Name, variant.Bytes, Qos: qos);
        return run.EachAsync(each, one => $"{one.Name} at QoS {one.Qos}", async one =>
        {
            WireClient client = await run.ConnectAsync();
            await client.SendAsync(RawPublish(run, [.. PacketBytes.Utf8(run.NewTopic()), .. one.Bytes], one.Qos));
            await client.ExpectEndAsync(Malformed);
        });
    }

    private static async Task WildcardsAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient subscriber = await run.SubscriberAsync(run.Server.WildcardsAvailable ? $"{topic}/#" : topic);
        await subscriber.SubscribeAsync((topic, 0));
        string[] names = [$"{topic}/#", $"{topic}/+", $"{topic}/+/x", $"{topic}/a+", $"{topic}/a#b", "#", "+"];
        var each = from name in names from qos in Enumerable.Range(0, run.Server.MaximumQos + 1) select (Topic: name, Qos: qos);
        await run.EachAsync(each, one => $"'{one.Topic}' at QoS {one.Qos}", async one =>
        {
            WireClient client = await run.ConnectAsync();
            await client.SendAsync(PacketBytes.Publish(run.Version, new WireMessage(one.Topic, "wildcard") { Qos = one.Qos }, 1));
            PacketType answer = one.Qos == 2 ? PacketType.PubRec : PacketType.PubAck;
            WirePacket? packet = await run.ReadAnswerAsync(client, answer, Malformed);
            run.Require(
                packet is null || (run.IsV5 && packet.Reason == ReasonCode.TopicNameInvalid), $"it should have been refused; {packet}");
        });
        IReadOnlyList<WirePacket> came = await run.CollectAsync(subscriber, await run.ConnectAsync(), topic, 0);
        run.Require(came.Count == 0, $"nobody should have got it; there came {string.Join(", ", came)}");
    }

    private static Task WillWildcardsAsync(CaseRun run) => run.EachAsync(["/#", "/+", "/+/x", "/a+", "/a#b"], tail => tail, async tail =>
    {
        string topic = run.NewTopic();
        WireClient watcher = await run.SubscriberAsync(run.Server.WildcardsAvailable ? $"{topic}/#" : topic);
        ConnectFields fields = run.NewConnect() with { Will = new WireWill(topic + tail, "will") };
        (WireClient client, WirePacket? answer) = await run.TryConnectAsync(fields);
        run.Note("answers a Will Topic with a wildcard with", answer?.ToString() ?? "the end of the connection");
        client.Abort();
        await watcher.ExpectQuietAsync();
    });

    private static Task EmptyAsync(CaseRun run) => run.EachAsync(
        Enumerable.Range(0, run.Server.MaximumQos + 1),
        qos => $"QoS {qos}",
        async qos =>
        {
            WireClient client = await run.ConnectAsync();
            await client.SendAsync(PacketBytes.Publish(run.Version, new WireMessage("", "no topic") { Qos = qos }, 1));
            await client.ExpectEndAsync(Malformed);
        });

    private static Task NullAsync(CaseRun run) => run.EachAsync(
        from text in NullTexts from qos in Enumerable.Range(0, run.Server.MaximumQos + 1) select (Text: text, Qos: qos),
        one => $"'{one.Text.Replace("\0", "U+0000", StringComparison.Ordinal)}' at QoS {one.Qos}",
        async one =>
        {
            WireClient client = await run.ConnectAsync();
            await client.SendAsync(RawPublish(run, PacketBytes.Utf8($"{run.NewTopic()}/{one.Text}"), one.Qos));
            await client.ExpectEndAsync(Malformed);
        });

    private static async Task LongestAsync(CaseRun run)
    {
        string topic = LongTopics.New(run);
        WireClient subscriber = await LongTopics.SubscribeAsync(run, topic);
        WireClient publisher = await run.ConnectAsync();
        for (int qos = 0; qos <= run.Server.MaximumQos; qos++)
        {
            await publisher.PublishAsync(topic, $"at QoS {qos}", qos);
            WirePacket message = await subscriber.ReceiveAsync();
            run.Require(message.Topic == topic, $"the Topic Name should be the one published; it has {message.Topic.Length} characters");
            run.RequireEqual($"at QoS {qos}", message.Text, "the payload");
        }
    }

    private static async Task ShortestAsync(CaseRun run)
    {
        // Nobody else uses it: a character outside the basic plane, which is one character still.
        const string Topic = "\U0001D11E";
        WireClient client = await run.SubscriberAsync(Topic);
        string text = run.NewClientIdentifier();
        await client.PublishAsync(Topic, text);
        WirePacket message = await client.TakeAsync(packet => packet.Type == PacketType.Publish && packet.Text == text, "the message");
        run.RequireEqual(Topic, message.Topic, "the Topic Name");
    }

    private static async Task ShareTextAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient member = await run.SubscriberAsync($"$share/g/{topic}");
        WireClient publisher = await run.ConnectAsync();
        WireMessage message = new($"$share/g/{topic}", "as text") { Qos = 1 };
        await publisher.SendAsync(PacketBytes.Publish(run.Version, message, publisher.NextIdentifier()));
        WirePacket? answer = await run.ReadAnswerAsync(publisher, PacketType.PubAck, ReasonCode.TopicNameInvalid, ReasonCode.NotAuthorized);
        run.Note(
            "answers a message to a topic that begins with $share/ with",
            answer is null ? "the end of the connection" : $"PUBACK {(int)answer.Reason:X2}");
        IReadOnlyList<WirePacket> came = await run.CollectAsync(member, await run.ConnectAsync(), topic, 0);
        run.Require(came.Count == 0, $"the group should have got nothing of it; there came {string.Join(", ", came)}");
    }

    private static byte[] RawPublish(CaseRun run, byte[] topic, int qos)
    {
        ByteWriter body = new ByteWriter().Binary(topic);
        if (qos > 0)
        {
            body.TwoByte(1);
        }

        if (run.IsV5)
        {
            body.Byte(0);
        }

        return PacketBytes.Frame(0x30 | (qos << 1), body.ToArray());
    }
}
