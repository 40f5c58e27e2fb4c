using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Conformance.Cases;

/// <summary>Variable byte integers: the Remaining Length, the Property Length, and a property that is one.</summary>
internal static class LengthCases
{
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("A Remaining Length of five bytes is malformed", ["U5-02", "MQTT311-4.8.0-1"], FiveBytesAsync),
        new("A Remaining Length of five bytes in the first packet ends the connection", ["U5-02", "MQTT311-4.8.0-1"], FirstFiveBytesAsync),
        new("A Remaining Length in more bytes than it needs is malformed", ["MQTT-1.5.5-1"], PaddedRemainingLengthAsync),
        new("A Property Length in more bytes than it needs is malformed", ["MQTT-1.5.5-1"], PaddedPropertyLengthAsync),
        new("A Subscription Identifier in more bytes than it needs is malformed", ["MQTT-1.5.5-1"], PaddedSubscriptionIdentifierAsync)
        {
            Needs = Needs.SubscriptionIdentifiers,
        },
        new("A Property Identifier in more bytes than it needs is malformed", ["MQTT-1.5.5-1"], PaddedPropertyIdentifierAsync),
        new("Packets of every width of the Remaining Length go through", ["MQTT-1.5.5-1"], EveryWidthAsync),
        new("Properties of every width of the Property Length go through", ["MQTT-1.5.5-1"], EveryPropertyWidthAsync),
        .. ClientProperties.Packets.Select(TooLong),
        .. new[] { PacketType.Connect, PacketType.Publish, PacketType.Subscribe, PacketType.Unsubscribe }.Select(Missing),
    ];

    private static ConformanceCase TooLong(PacketType type) => new(
        $"A Property Length beyond the end of the packet is malformed in {ClientProperties.NameOf(type)}",
        ["U5-08"],
        run => TooLongAsync(run, type))
    {
        Needs = Scene.NeedsOf(type),
    };

    private static ConformanceCase Missing(PacketType type) => new(
        $"{ClientProperties.NameOf(type)} without a Property Length is malformed", ["MQTT-2.2.2-1"], run => MissingAsync(run, type))
    {
        Needs = Scene.NeedsOf(type),
    };

    private static Task FiveBytesAsync(CaseRun run) =>
        run.EachAsync<byte[]>(
            [
                [0x30, 0xFF, 0xFF, 0xFF, 0xFF, 1], [0x82, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F],
                [0xC0, 0x80, 0x80, 0x80, 0x80, 0], [0x32, 0x8A, 0x80, 0x80, 0x80, 0],
            ],
            Convert.ToHexString,
            async bytes =>
            {
                WireClient client = await run.ConnectAsync();
                await client.SendRefusedAsync(bytes, [.. Scene.FormatErrors, ReasonCode.PacketTooLarge]);
            });

    private static async Task FirstFiveBytesAsync(CaseRun run)
    {
        WireClient client = await run.OpenAsync();
        byte[] body = PacketParts.Connect(run.NewConnect()).Body;
        await client.SendRefusedAsync(
            [0x10, (byte)(body.Length | 0x80), 0x80, 0x80, 0x80, 0, .. body],
            [.. Scene.FormatErrors, ReasonCode.PacketTooLarge]);
    }

    private static Task PaddedRemainingLengthAsync(CaseRun run) => run.EachAsync(
        Sendable(run, [.. ClientProperties.Packets.Except([WirePropertyTable.Will, PacketType.Auth]), PacketType.PingReq]),
        type => type.ToString(),
        async type =>
        {
            Scene scene = await Scene.OpenAsync(run, type);
            byte[] body = scene.Packet.Body;
            await scene.RefusedAsync([(byte)scene.Packet.FirstByte, (byte)(body.Length | 0x80), 0, .. body], Scene.FormatErrors);
        });

    private static Task PaddedPropertyLengthAsync(CaseRun run) => run.EachAsync(
        Sendable(run, ClientProperties.Packets.Except([PacketType.Auth])),
        type => ClientProperties.NameOf(type),
        async type =>
        {
            Scene scene = await Scene.OpenAsync(run, type);
            await scene.RefusedAsync(scene.Packet.WithPropertyLength(0x80, 0), Scene.FormatErrors);
        });

    private static IEnumerable<PacketType> Sendable(CaseRun run, IEnumerable<PacketType> types) =>
        types.Where(type => run.Server.FindLack(Scene.NeedsOf(type)) is null);

    private static async Task PaddedSubscriptionIdentifierAsync(CaseRun run)
    {
        Scene scene = await Scene.OpenAsync(run, PacketType.Subscribe);
        await scene.RefusedAsync(scene.Packet.With((byte)PropertyId.SubscriptionIdentifier, 0x81, 0).Bytes, Scene.FormatErrors);
    }

    private static async Task PaddedPropertyIdentifierAsync(CaseRun run)
    {
        Scene scene = await Scene.OpenAsync(run, WirePropertyTable.Will);
        byte[] entry = [(int)PropertyId.ContentType | 0x80, 0, .. new ByteWriter().Text("text").ToArray()];
        await scene.RefusedAsync(scene.Packet.With(entry).Bytes, Scene.FormatErrors);
    }

    private static async Task EveryWidthAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient client = await run.SubscriberAsync(topic);
        int overheadBytes = new ByteWriter().Text(topic).Byte(0).ToArray().Length;
        foreach (int remainingLength in new[] { 127, 128, 16_383, 16_384, 2_097_151, 2_097_152 })
        {
            const int FixedHeaderBytesMax = 5;
            if (run.Server.MaximumPacketSize < remainingLength + FixedHeaderBytesMax)
            {
                run.Note("the largest packet that was tried", $"below {remainingLength} bytes, because of the Maximum Packet Size");
                return;
            }

            byte[] payload = new byte[remainingLength - overheadBytes];
            payload.AsSpan().Fill((byte)remainingLength);
            await client.PublishAsync(new WireMessage(topic, payload));
            WirePacket publish = await client.ReceiveAsync();
            run.Require(
                publish.Payload.AsSpan().SequenceEqual(payload),
                $"{payload.Length} bytes were published; {publish} came, or other bytes");
        }
    }

    private static async Task EveryPropertyWidthAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient client = await run.SubscriberAsync(topic);
        int overheadBytes = Property.User("n", "").Length;
        foreach (int propertyLength in new[] { 0, 127, 128, 16_383, 16_384 })
        {
            const int RestBytesMax = 200;
            if (run.Server.MaximumPacketSize < propertyLength + RestBytesMax)
            {
                run.Note("the longest properties that were tried", $"below {propertyLength} bytes, because of the Maximum Packet Size");
                return;
            }

            string value = new('v', Math.Max(0, propertyLength - overheadBytes));
            byte[] properties = propertyLength == 0 ? [] : Property.User("n", value);
            await client.PublishAsync(new WireMessage(topic, $"{propertyLength}") { Properties = properties });
            WirePacket publish = await client.ReceiveAsync();
            run.RequireEqual($"{propertyLength}", publish.Text, "the payload");
            run.Require(
                propertyLength == 0 || publish.TextOf(PropertyId.UserProperty) == $"n={value}",
                $"the User Property of {propertyLength} bytes has changed");
        }
    }

    private static Task TooLongAsync(CaseRun run, PacketType type) => run.EachAsync(
        ["by one", "by many", "by all", "without an end"],
        excess => excess,
        async excess =>
        {
            Scene scene = await Scene.OpenAsync(run, type);
            PacketParts packet = scene.Packet.With(Property.User("n", "v"));
            byte rest = (byte)((packet.Properties?.Length ?? 0) + packet.Tail.Length);
            byte[] length = excess switch
            {
                "by one" => new ByteWriter().VariableByte(rest + 1).ToArray(),
                "by many" => [0xFF, 0x7F],
                "by all" => [0xFF, 0xFF, 0xFF, 0x7F],
                _ => [0xFF, 0xFF, 0xFF, 0xFF, 1],
            };
            await scene.RefusedAsync(packet.WithPropertyLength(length), Scene.FormatErrors);
        });

    /// <summary>With nothing in place of the length, the bytes behind it can be read in no correct way.</summary>
    private static async Task MissingAsync(CaseRun run, PacketType type)
    {
        Scene scene = await Scene.OpenAsync(run, type);
        byte[] tail = type == PacketType.Publish ? [] : scene.Packet.Tail;
        await scene.RefusedAsync(PacketBytes.Frame(scene.Packet.FirstByte, [.. scene.Packet.Head, .. tail]), Scene.FormatErrors);
    }
}
