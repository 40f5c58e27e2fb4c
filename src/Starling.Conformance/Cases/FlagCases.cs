using Starling.Conformance.Running;
using Starling.Protocol;

namespace Starling.Conformance.Cases;

/// <summary>The flags in the first byte of every packet (chapters 2.1.3 of 5.0 and 2.2.2 of 3.1.1).</summary>
internal static class FlagCases
{
    private const int FlagsCount = 16;

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        Reserved(PacketType.Connect),
        Reserved(PacketType.PubAck),
        Reserved(PacketType.PubRec),
        Reserved(PacketType.PubRel, "MQTT-3.6.1-1", "MQTT311-3.6.1-1"),
        Reserved(PacketType.PubComp),
        Reserved(PacketType.Subscribe, "MQTT-3.8.1-1", "MQTT311-3.8.1-1"),
        Reserved(PacketType.Unsubscribe, "MQTT-3.10.1-1", "MQTT311-3.10.1-1"),
        Reserved(PacketType.PingReq),
        Reserved(PacketType.Disconnect, "MQTT-3.14.1-1", "MQTT311-3.14.1-1"),
        new("AUTH with wrong flags is malformed", ["MQTT-2.1.3-1", "MQTT-3.15.1-1"], run => EachWrongAsync(run, PacketType.Auth)),
        new("PUBLISH with both QoS bits set is malformed", ["MQTT-3.3.1-4", "MQTT311-3.3.1-4"], BothQosBitsAsync),
        new("SUBSCRIBE, UNSUBSCRIBE and PUBREL of 3.1 may have DUP", ["MQTT31-2"], DuplicateIn31Async) { Needs = Needs.Qos2 },
    ];

    private static ConformanceCase Reserved(PacketType type, params string[] more) => new(
        $"{ClientProperties.NameOf(type)} with wrong flags is malformed",
        ["MQTT-2.1.3-1", "MQTT311-2.2.2-2", .. more],
        run => EachWrongAsync(run, type))
    {
        Needs = Scene.NeedsOf(type),
    };

    private static Task EachWrongAsync(CaseRun run, PacketType type)
    {
        int right = type is PacketType.PubRel or PacketType.Subscribe or PacketType.Unsubscribe ? 2 : 0;
        IEnumerable<int> firstBytes = from flags in Enumerable.Range(0, FlagsCount) where flags != right select ((int)type << 4) | flags;
        return run.EachAsync(firstBytes, first => $"first byte {first:X2}", async first =>
        {
            Scene scene = await Scene.OpenAsync(run, type);
            await scene.RefusedAsync((scene.Packet with { FirstByte = first }).Bytes, Scene.FormatErrors);
        });
    }

    private static Task BothQosBitsAsync(CaseRun run) => run.EachAsync([0x36, 0x37, 0x3E, 0x3F], first => $"first byte {first:X2}", async first =>
    {
        Scene scene = await Scene.OpenAsync(run, PacketType.Publish);
        await scene.RefusedAsync((scene.Packet with { FirstByte = first }).Bytes, Scene.FormatErrors);
    });

    private static Task DuplicateIn31Async(CaseRun run) =>
        run.EachAsync([PacketType.Subscribe, PacketType.Unsubscribe, PacketType.PubRel], type => type.ToString(), async type =>
        {
            Scene scene = await Scene.OpenAsync(run, type);
            await scene.AcceptedAsync((scene.Packet with { FirstByte = scene.Packet.FirstByte | 8 }).Bytes);
        });
}
