using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Conformance.Cases;

/// <summary>Properties with a value that is out of range, or at its edge.</summary>
internal static class PropertyRangeCases
{
    private const int IdentifierMax = 268_435_455;

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("Receive Maximum 0 is an error", ["U5-10"], run => RefusedAsync(run, Property.ReceiveMaximum(0))),
        new(
            "Receive Maximum 1 and 65535 are taken",
            ["U5-10"],
            run => TakenAsync(run, Property.ReceiveMaximum(1), Property.ReceiveMaximum(65535))),
        new("Maximum Packet Size 0 is an error", ["U5-11"], run => RefusedAsync(run, Property.MaximumPacketSize(0))),
        new("The largest Maximum Packet Size is taken", ["U5-11"], run => TakenAsync(run, Property.MaximumPacketSize(uint.MaxValue))),
        new(
            "Request Problem Information above 1 is an error",
            ["U5-12"],
            run => EachAboveOneAsync(run, PropertyId.RequestProblemInformation)),
        new(
            "Request Response Information above 1 is an error",
            ["U5-12"],
            run => EachAboveOneAsync(run, PropertyId.RequestResponseInformation)),
        new("Request Problem Information 0 and 1 are taken", ["U5-12"], run => ZeroAndOneAsync(run, PropertyId.RequestProblemInformation)),
        new(
            "Request Response Information 0 and 1 are taken",
            ["U5-12"],
            run => ZeroAndOneAsync(run, PropertyId.RequestResponseInformation)),
        new(
            "Authentication Data without an Authentication Method is an error",
            ["U5-13"],
            run => RefusedAsync(run, Property.Sample(PropertyId.AuthenticationData))),
        new(
            "Subscription Identifier 0 is an error",
            ["U5-27"],
            run => SubscriptionIdentifiersAsync(run, 0)) { Needs = Needs.SubscriptionIdentifiers },
        new("Two Subscription Identifiers in a SUBSCRIBE are an error", ["U5-27", "U5-07"], run => SubscriptionIdentifiersAsync(run, 5, 6))
        {
            Needs = Needs.SubscriptionIdentifiers,
        },
        new(
            "The same Subscription Identifier twice in a SUBSCRIBE is an error",
            ["U5-27", "U5-07"],
            run => SubscriptionIdentifiersAsync(run, 5, 5))
        {
            Needs = Needs.SubscriptionIdentifiers,
        },
        new("A Subscription Identifier above 268435455 is an error", ["U5-27"], IdentifierTooLargeAsync)
        {
            Needs = Needs.SubscriptionIdentifiers,
        },
        new("Subscription Identifiers at every edge come back", ["U5-27"], IdentifierEdgesAsync) { Needs = Needs.SubscriptionIdentifiers },
        new("A Payload Format Indicator above 1 is refused or kept", ["MQTT-3.3.2-4"], IndicatorAsync),
    ];

    private static async Task RefusedAsync(CaseRun run, byte[] properties)
    {
        Scene scene = await Scene.OpenAsync(run, PacketType.Connect);
        await scene.RefusedAsync(scene.Packet.With(properties).Bytes, Scene.FormatErrors);
    }

    private static Task TakenAsync(CaseRun run, params byte[][] variants) => run.EachAsync(variants, Convert.ToHexString, async properties =>
    {
        await run.ConnectAsync(run.NewConnect() with { Properties = properties });
    });

    private static Task EachAboveOneAsync(CaseRun run, PropertyId id) =>
        run.EachAsync([2, 3, 128, 255], value => $"{value}", value => RefusedAsync(run, Property.Number(id, value)));

    private static Task ZeroAndOneAsync(CaseRun run, PropertyId id) => TakenAsync(run, Property.Number(id, 0), Property.Number(id, 1));

    private static async Task SubscriptionIdentifiersAsync(CaseRun run, params int[] identifiers)
    {
        Scene scene = await Scene.OpenAsync(run, PacketType.Subscribe);
        await scene.RefusedAsync(scene.Packet.With([.. identifiers.SelectMany(Property.SubscriptionIdentifier)]).Bytes, Scene.FormatErrors);
    }

    /// <summary>The smallest such number, and the largest of five bytes.</summary>
    private static Task IdentifierTooLargeAsync(CaseRun run) =>
        run.EachAsync<byte[]>([[0x80, 0x80, 0x80, 0x80, 0x01], [0xFF, 0xFF, 0xFF, 0xFF, 0x7F]], Convert.ToHexString, async number =>
        {
            Scene scene = await Scene.OpenAsync(run, PacketType.Subscribe);
            await scene.RefusedAsync(scene.Packet.With([(byte)PropertyId.SubscriptionIdentifier, .. number]).Bytes, Scene.FormatErrors);
        });

    private static async Task IdentifierEdgesAsync(CaseRun run)
    {
        WireClient client = await run.ConnectAsync();
        foreach (int identifier in new[] { 1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152, IdentifierMax })
        {
            string topic = run.NewTopic();
            await client.SubscribeAsync(Property.SubscriptionIdentifier(identifier), (topic, 0));
            await client.PublishAsync(topic, "edge");
            run.RequireEqual(
                identifier, (await client.ReceiveAsync()).Number(PropertyId.SubscriptionIdentifier),
                "the Subscription Identifier");
        }
    }

    private static async Task IndicatorAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient client = await run.SubscriberAsync(topic);
        await client.PublishAsync(new WireMessage(topic, "text") { Properties = Property.Number(PropertyId.PayloadFormatIndicator, 2) });
        WirePacket? answer = await client.ReadAsync();
        if (answer is null or { Type: PacketType.Disconnect })
        {
            run.Note("a Payload Format Indicator above 1", "is refused");
            return;
        }

        run.Note("a Payload Format Indicator above 1", "is taken");
        run.RequireEqual(2, answer.Number(PropertyId.PayloadFormatIndicator), "the Payload Format Indicator");
    }
}
