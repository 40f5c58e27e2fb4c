using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Conformance.Cases;

/// <summary>The properties of PUBLISH that go to the subscribers as they are (chapter 3.3.2.3).</summary>
internal static class ForwardingCases
{
    private static readonly PropertyId[] Forwarded =
    [
        PropertyId.PayloadFormatIndicator, PropertyId.ContentType, PropertyId.ResponseTopic, PropertyId.CorrelationData,
        PropertyId.UserProperty,
    ];

    private static readonly string[] WildcardTopics = ["#", "+", "a/#", "a/+", "a/+/b", "a#", "a+b"];

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("Payload Format Indicator 0 is forwarded", ["MQTT-3.3.2-4"], run => ForwardAsync(run, Number(0))),
        new("Payload Format Indicator 1 is forwarded", ["MQTT-3.3.2-4"], run => ForwardAsync(run, Number(1))),
        new("A Content Type is forwarded unaltered", ["MQTT-3.3.2-20"], run => ForwardTextsAsync(run, PropertyId.ContentType)),
        new("An empty Content Type is forwarded", ["MQTT-3.3.2-20"], run => ForwardAsync(run, Property.Text(PropertyId.ContentType, ""))),
        new("A Response Topic is forwarded unaltered", ["MQTT-3.3.2-15"], run => ForwardTextsAsync(run, PropertyId.ResponseTopic)),
        new("Correlation Data of any bytes is forwarded unaltered", ["MQTT-3.3.2-16"], CorrelationDataAsync),
        new(
            "Empty Correlation Data is forwarded",
            ["MQTT-3.3.2-16"],
            run => ForwardAsync(run, Property.Data(PropertyId.CorrelationData, []))),
        new("Every User Property is forwarded unaltered", ["MQTT-3.3.2-17"], UserPropertiesAsync),
        new("User Properties are forwarded in their order", ["MQTT-3.3.2-18"], UserPropertyOrderAsync),
        new(
            "A message without properties is forwarded without",
            ["MQTT-3.3.2-4", "MQTT-3.3.2-15", "MQTT-3.3.2-16", "MQTT-3.3.2-20"],
            run => ForwardAsync(run, [])),
        new(
            "A Response Topic that is not valid UTF-8 ends the connection",
            ["MQTT-3.3.2-13"],
            run => InvalidTextAsync(run, PropertyId.ResponseTopic)),
        new(
            "A Content Type that is not valid UTF-8 ends the connection",
            ["MQTT-3.3.2-19"],
            run => InvalidTextAsync(run, PropertyId.ContentType)),
        new("A Response Topic with a wildcard is refused", ["MQTT-3.3.2-14"], ResponseWildcardsAsync),
        new("A payload that is not the UTF-8 it promises to be is refused or forwarded", ["U5-24"], PayloadFormatAsync)
        {
            Needs = Needs.Qos1,
        },
    ];

    private static byte[] Number(int value) => Property.Number(PropertyId.PayloadFormatIndicator, value);

    private static Task ForwardTextsAsync(CaseRun run, PropertyId id) => run.EachAsync(
        ["text/plain", "a/b/c", "$share/g/t", "é e\u0301 \U0001D11E \uFEFF", "  ", "/", new string('x', 1000)],
        text => $"'{(text.Length > 100 ? "a long one" : text)}'",
        text => ForwardAsync(run, Property.Text(id, text)));

    private static async Task CorrelationDataAsync(CaseRun run)
    {
        byte[] everyByte = [.. Enumerable.Range(0, 256).Select(value => (byte)value)];
        await ForwardAsync(run, Property.Data(PropertyId.CorrelationData, everyByte));
        await ForwardAsync(run, Property.Data(PropertyId.CorrelationData, new byte[1000]));
    }

    private static async Task UserPropertiesAsync(CaseRun run)
    {
        await ForwardAsync(run, Property.User("name", "value"));
        await ForwardAsync(run, Property.User("", ""));
        await ForwardAsync(run, [.. Property.User("", "value"), .. Property.User("name", "")]);
        await ForwardAsync(
            run, [.. Property.User("é", "\U0001D11E"), .. Property.User("a=b", "c=d"), .. Property.User("long", new string('x', 1000))]);
    }

    private static async Task UserPropertyOrderAsync(CaseRun run)
    {
        await ForwardAsync(
            run,
            [
                .. Property.User("b", "1"), .. Property.User("a", "2"), .. Property.User("b", "1"), .. Property.User("", ""),
                .. Property.User("B", "3"), .. Property.User("a", "0"), .. Property.User("b", ""),
            ]);
        await ForwardAsync(run, [.. Enumerable.Range(0, 100).SelectMany(index => Property.User($"name {index * 7 % 10}", $"{index}"))]);

        // Other properties between them do not change their order.
        await ForwardAsync(
            run,
            [
                .. Property.User("z", "1"), .. Property.Text(PropertyId.ContentType, "c"), .. Property.User("y", "2"),
                .. Property.Data(PropertyId.CorrelationData, [0]), .. Property.User("z", "3"),
            ],
            PropertyId.UserProperty);
    }

    /// <summary>Publishes with the properties at every QoS, and compares all properties on every way, or those named.</summary>
    private static Task ForwardAsync(CaseRun run, byte[] properties, params PropertyId[] compared)
    {
        var each =
            from qos in Enumerable.Range(0, run.Server.MaximumQos + 1)
            from way in Enum.GetValues<DeliveryWay>()
            where (way != DeliveryWay.Queued || qos > 0) && (way != DeliveryWay.Retained || run.Server.RetainAvailable)
            select (Qos: qos, Way: way);
        return run.EachAsync(each, one => $"{one.Way} at QoS {one.Qos}", async one =>
        {
            string topic = run.NewTopic();
            WireMessage message = new(topic, "payload") { Qos = one.Qos, Properties = properties };
            WirePacket came = await DeliverAsync(run, message, one.Way);
            run.RequireEqual("payload", came.Text, "the payload");
            foreach (PropertyId id in compared.Length > 0 ? compared : Forwarded)
            {
                run.RequireEqual(Show(Parse(properties), id), Show(came.Properties, id), $"what is forwarded as {id}");
            }
        });
    }

    private static async Task<WirePacket> DeliverAsync(CaseRun run, WireMessage message, DeliveryWay way)
    {
        WireClient publisher = await run.ConnectAsync();
        if (way == DeliveryWay.Retained)
        {
            await publisher.PublishAsync(message with { Retain = true });
            await publisher.PingAsync();
            WirePacket retained = await (await run.SubscriberAsync(message.Topic, message.Qos)).ReceiveAsync();
            await publisher.PublishAsync(message.Topic, "", retain: true);
            return retained;
        }

        if (way == DeliveryWay.Live)
        {
            WireClient subscriber = await run.SubscriberAsync(message.Topic, message.Qos);
            await publisher.PublishAsync(message);
            return await subscriber.ReceiveAsync();
        }

        ConnectFields fields = run.NewConnect().Persistent();
        WireClient sleeper = await run.ConnectAsync(fields);
        await sleeper.SubscribeAsync((message.Topic, message.Qos));
        await sleeper.DisconnectAsync();
        await publisher.PublishAsync(message);
        return await (await run.ConnectAsync(fields)).ReceiveAsync();
    }

    /// <summary>All entries of one property in wire form, in order. An indicator of 0 says the same as none.</summary>
    private static string Show(IEnumerable<WireProperty> properties, PropertyId id) => string.Join(
        ' ',
        properties
            .Where(property => property.Id == id && !(id == PropertyId.PayloadFormatIndicator && property.Number == 0))
            .Select(property => Convert.ToHexString(property.Value)));

    private static List<WireProperty> Parse(byte[] properties)
    {
        WireReader reader = new(new ByteWriter().Block(properties).ToArray(), [], "what was published");
        return reader.Properties(PacketType.Publish);
    }

    private static Task InvalidTextAsync(CaseRun run, PropertyId id)
    {
        (string Name, byte[] Bytes)[] variants =
        [
            ("a byte that is never in UTF-8", [(byte)'a', 0xFF]),
            ("an overlong form", [0xC0, 0xAF]),
            ("a surrogate", [0xED, 0xA0, 0x80]),
            ("a character cut off", [(byte)'a', 0xE2, 0x82]),
            ("U+0000", [(byte)'a', 0]),
        ];
        return run.EachAsync(variants, one => one.Name, async one =>
        {
            WireClient client = await run.ConnectAsync();
            int qos = Math.Min(1, run.Server.MaximumQos);
            WireMessage message = new(run.NewTopic(), "x") { Qos = qos, Properties = Property.Data(id, one.Bytes) };
            await client.SendAsync(PacketBytes.Publish(run.Version, message, 1));
            await client.ExpectEndAsync(ReasonCode.MalformedPacket, ReasonCode.ProtocolError);
        });
    }

    private static Task ResponseWildcardsAsync(CaseRun run) => run.EachAsync(WildcardTopics, text => $"'{text}'", async text =>
    {
        WireClient client = await run.ConnectAsync();
        WireMessage message = new(run.NewTopic(), "x") { Properties = Property.Text(PropertyId.ResponseTopic, text) };
        await client.SendAsync(PacketBytes.Publish(run.Version, message));
        await client.ExpectEndAsync(ReasonCode.ProtocolError, ReasonCode.MalformedPacket, ReasonCode.TopicNameInvalid);
    });

    private static async Task PayloadFormatAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient subscriber = await run.SubscriberAsync(topic, 1);
        WireClient publisher = await run.ConnectAsync();
        byte[] payload = [(byte)'a', 0xFF];
        WireMessage message = new(topic, payload) { Qos = 1, Properties = Number(1) };
        await publisher.SendAsync(PacketBytes.Publish(run.Version, message, 1));
        WirePacket? answer = await run.ReadAnswerAsync(publisher, PacketType.PubAck, ReasonCode.PayloadFormatInvalid);
        bool isForwarded = answer?.Reason < ReasonCode.UnspecifiedError;
        run.Note("checks that a payload is the UTF-8 it promises to be", isForwarded ? "no" : "yes");
        run.Require(
            isForwarded || answer is null or { Reason: ReasonCode.PayloadFormatInvalid }, $"PUBACK 99 was due if anything; {answer}");
        IReadOnlyList<WirePacket> came = await run.CollectAsync(subscriber, await run.ConnectAsync(), topic, isForwarded ? 1 : 0);
        run.RequireEqual(isForwarded ? 1 : 0, came.Count, "the number of messages");
        run.Require(came.All(one => one.Payload.AsSpan().SequenceEqual(payload)), "the payload should be unaltered");
    }
}
