using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Conformance.Cases;

/// <summary>Which properties may stand in which packet, and how often (chapter 2.2.2 of 5.0).</summary>
internal static class PropertyCases
{
    /// <summary>Identifiers that no property has, some of them in the longer form that the type of an identifier allows.</summary>
    private static readonly byte[][] UnknownIdentifiers = [[0x00], [0x04], [0x14], [0x20], [0x2B], [0x7E], [0x7F], [0x80, 0x01], [0xFF, 0xFF, 0xFF, 0x7F]];

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        .. ClientProperties.Packets.Select(packet => Of(packet, "Properties of other packets are refused in", "U5-06", ForeignAsync)),
        .. ClientProperties.Packets.Select(packet => Of(packet, "Unknown properties are refused in", "U5-06", UnknownAsync)),
        .. from packet in ClientProperties.Packets where packet != PacketType.Auth
           select Of(packet, "Each property of its own is taken in", "U5-06", OwnAsync),
        .. from packet in ClientProperties.Packets where RepeatsOf(packet).Any()
           select Of(packet, "A property may not stand twice in", "U5-07", RepeatAsync),
        .. from packet in ClientProperties.Packets
           select Of(packet, "A User Property may stand twice in", "U5-07", RepeatUserPropertyAsync),
        new(
            "The Authentication Method and Data may not stand twice in CONNECT",
            ["U5-07"],
            run => RepeatAuthenticationAsync(run, PacketType.Connect)),
        new(
            "The Authentication Method and Data may not stand twice in AUTH",
            ["U5-07"],
            run => RepeatAuthenticationAsync(run, PacketType.Auth)),
    ];

    private static ConformanceCase Of(PacketType packet, string rule, string statement, Func<CaseRun, PacketType, Task> body) =>
        new($"{rule} {ClientProperties.NameOf(packet)}", [statement], run => body(run, packet)) { Needs = Scene.NeedsOf(packet) };

    /// <summary>The Subscription Identifier has a rule and a case of its own.</summary>
    private static IEnumerable<PropertyId> RepeatsOf(PacketType packet) => ClientProperties.AllowedIn(packet).Where(id => id is not
        (PropertyId.UserProperty or PropertyId.SubscriptionIdentifier or PropertyId.AuthenticationMethod or PropertyId.AuthenticationData));

    private static Task ForeignAsync(CaseRun run, PacketType packet) =>
        run.EachAsync(WirePropertyTable.All.Where(id => !WirePropertyTable.IsAllowed(id, packet)), id => id.ToString(), async id =>
        {
            Scene scene = await Scene.OpenAsync(run, packet);
            await scene.RefusedAsync(scene.Packet.With(ClientProperties.Good(id, packet)).Bytes, Scene.FormatErrors);
        });

    private static Task UnknownAsync(CaseRun run, PacketType packet) => run.EachAsync(UnknownIdentifiers, Convert.ToHexString, async identifier =>
    {
        Scene scene = await Scene.OpenAsync(run, packet);
        await scene.RefusedAsync(scene.Packet.With([.. identifier, 0, 0, 0, 0]).Bytes, Scene.FormatErrors);
    });

    private static Task OwnAsync(CaseRun run, PacketType packet) =>
        run.EachAsync(ClientProperties.UsableIn(packet, run.Server), id => id.ToString(), async id =>
        {
            Scene scene = await Scene.OpenAsync(run, packet);
            await scene.AcceptedAsync(scene.Packet.With(ClientProperties.Good(id, packet)).Bytes);
        });

    private static Task RepeatAsync(CaseRun run, PacketType packet) =>
        run.EachAsync(RepeatsOf(packet).Intersect(ClientProperties.UsableIn(packet, run.Server)), id => id.ToString(), async id =>
        {
            Scene scene = await Scene.OpenAsync(run, packet);
            byte[] entry = ClientProperties.Good(id, packet);
            await scene.RefusedAsync(
                scene.Packet.With([.. entry, .. Property.User("between", "both"), .. entry]).Bytes,
                Scene.FormatErrors);
        });

    private static async Task RepeatUserPropertyAsync(CaseRun run, PacketType packet)
    {
        Scene scene = await Scene.OpenAsync(run, packet);
        await scene.AcceptedAsync(scene.Packet.With([.. Property.User("same", "1"), .. Property.User("same", "1"), .. Property.User("same", "2")]).Bytes);
    }

    /// <summary>On a server that has the method, so that nothing but the repetition is wrong.</summary>
    private static async Task RepeatAuthenticationAsync(CaseRun run, PacketType packet)
    {
        await Scene.OpenAsync(run, PacketType.Auth);
        byte[] method = Property.Text(PropertyId.AuthenticationMethod, Preparation.Method);
        byte[] data = Property.Data(
            PropertyId.AuthenticationData, PacketBytes.Utf8(packet == PacketType.Auth ? Preparation.MethodAnswer : Preparation.MethodBegin));
        await run.EachAsync<byte[]>([[.. method, .. method, .. data], [.. method, .. data, .. data]], Convert.ToHexString, async properties =>
        {
            Scene scene = await Scene.OpenAsync(run, packet);
            await scene.RefusedAsync((scene.Packet with { Properties = properties }).Bytes, Scene.FormatErrors);
        });
    }
}
