using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol.Packets;

namespace Starling.Conformance.Cases;

/// <summary>CONNECT packets that break the format: cut off, too long, with bad text or bad properties (3.1.3, 3.1.4).</summary>
internal static class ConnectFormatCases
{
    private static readonly byte[][] BadTexts =
        [[0xFF], [0x61, 0xC0, 0xAF], [0x61, 0xED, 0xA0, 0x80], [0x61, 0xF4, 0x90, 0x80, 0x80], [0x61, 0xC3]];

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("A CONNECT that is cut off at any byte is refused", ["MQTT-3.1.4-1", "MQTT311-3.1.4-1"], CutAsync),
        new("A CONNECT with bytes behind its last field is refused", ["MQTT-3.1.4-1", "MQTT311-3.1.4-1"], TooLongAsync),
        new("A CONNECT with broken properties is refused", ["MQTT-3.1.4-1"], PropertiesAsync),
        new("A CONNECT that breaks the format gets no CONNACK at all", ["MQTT311-3.1.4-1", "MQTT311-3.2.2-6"], SilentAsync),
        new("A CONNECT without a Client Identifier field is refused", ["MQTT-3.1.3-3", "MQTT311-3.1.3-3"], NoIdentifierAsync),
        new("A CONNECT whose Client Identifier is no valid UTF-8 is refused", ["MQTT-3.1.3-4", "MQTT311-3.1.3-4"], IdentifierTextAsync),
        new("A CONNECT whose Will Topic is no valid UTF-8 is refused", ["MQTT-3.1.3-11", "MQTT311-3.1.3-10"], WillTopicTextAsync),
        new("A CONNECT whose user name is no valid UTF-8 is refused", ["MQTT-3.1.3-12", "MQTT311-3.1.3-11"], UserNameTextAsync),
        new("No DISCONNECT answers a connection that CONNECT has not opened", ["MQTT-3.14.0-1"], NoDisconnectAsync),
    ];

    private static async Task CutAsync(CaseRun run)
    {
        byte[] connect = PacketBytes.Connect(Full(run));
        int bodyBytes = ConnectBytes.BodyOf(connect).Length;
        await run.EachAsync(Enumerable.Range(0, bodyBytes), bytes => $"after byte {bytes} of {bodyBytes}", bytes =>
            Refusal.SendAsync(run, ConnectBytes.Cut(connect, bytes)));
    }

    private static async Task TooLongAsync(CaseRun run)
    {
        byte[] body = ConnectBytes.BodyOf(PacketBytes.Connect(Full(run)));
        byte[][] tails = [[0], [0, 0], [0, 1, 0x61]];
        await run.EachAsync(tails, Convert.ToHexString, tail => Refusal.SendAsync(run, PacketBytes.Frame(0x10, [.. body, .. tail])));
    }

    private static async Task PropertiesAsync(CaseRun run)
    {
        (string Name, byte[] Properties)[] variants =
        [
            ("an unknown property", [0x7F, 1]),
            ("a property of PUBLISH", Property.TopicAlias(1)),
            ("a property that is cut off", [(byte)PropertyId.SessionExpiryInterval, 0, 0]),
        ];
        await run.EachAsync(variants, variant => variant.Name, variant =>
            Refusal.SendAsync(run, PacketBytes.Connect(run.NewConnect() with { Properties = variant.Properties })));
        byte[] tooLong = PacketBytes.Frame(
            0x10, new ByteWriter().Text("MQTT").Byte(5).Byte(2).TwoByte(0).VariableByte(100).TwoByte(0).ToArray());
        await Refusal.SendAsync(run, tooLong);
    }

    private static async Task SilentAsync(CaseRun run)
    {
        byte[] connect = PacketBytes.Connect(Full(run));
        byte[] body = ConnectBytes.BodyOf(connect);
        ByteWriter identifier = new ByteWriter().Text(run.NewClientIdentifier());
        (string Name, byte[] Bytes)[] variants =
        [
            ("an empty packet", PacketBytes.Frame(0x10, [])),
            ("cut off in the name", ConnectBytes.Cut(connect, 4)),
            ("cut off in the Client Identifier", ConnectBytes.Cut(connect, 14)),
            ("cut off at the end", ConnectBytes.Cut(connect, body.Length - 1)),
            ("a byte too long", PacketBytes.Frame(0x10, [.. body, 0])),
            ("the reserved flag", ConnectBytes.Build(run.Version, 0x03, identifier)),
            ("Will QoS 3",
                ConnectBytes.Build(run.Version, 0x1E, new ByteWriter().Text(run.NewClientIdentifier()).Text(run.NewTopic()).Text("x"))),
            ("Will QoS without a will", ConnectBytes.Build(run.Version, 0x0A, identifier)),
            ("a password without a user name",
                ConnectBytes.Build(run.Version, 0x42, new ByteWriter().Text(run.NewClientIdentifier()).Text("p"))),
            ("a Client Identifier of bad text", ConnectBytes.Build(run.Version, 0x02, new ByteWriter().Binary([0xFF]))),
        ];
        await run.EachAsync(variants, variant => variant.Name, async variant =>
        {
            byte[] answer = await Refusal.ReadToEndAsync(run, variant.Bytes);
            run.Require(answer.Length == 0, $"a close without a word was due; there came {Convert.ToHexString(answer)}");
        });
    }

    private static async Task NoIdentifierAsync(CaseRun run)
    {
        ByteWriter[] payloads = [new(), new ByteWriter().Byte(0), new ByteWriter().TwoByte(4).Raw("abc"u8)];
        await run.EachAsync(payloads, payload => $"payload '{Convert.ToHexString(payload.ToArray())}'", payload =>
            Refusal.SendAsync(run, ConnectBytes.Build(run.Version, ConnectBytes.CleanStart, payload)));
    }

    private static Task IdentifierTextAsync(CaseRun run) => run.EachAsync(BadTextsAndZero(), Convert.ToHexString, text =>
        Refusal.SendAsync(run, ConnectBytes.Build(run.Version, ConnectBytes.CleanStart, new ByteWriter().Binary(text))));

    private static Task WillTopicTextAsync(CaseRun run) => run.EachAsync(BadTextsAndZero(), Convert.ToHexString, text =>
        Refusal.SendAsync(run, ConnectBytes.Build(
            run.Version, 0x06, new ByteWriter().Text(run.NewClientIdentifier()).WillProperties(run.Version).Binary(text).Text("x"))));

    private static Task UserNameTextAsync(CaseRun run) => run.EachAsync(BadTextsAndZero(), Convert.ToHexString, text =>
        Refusal.SendAsync(run, ConnectBytes.Build(run.Version, 0x82, new ByteWriter().Text(run.NewClientIdentifier()).Binary(text))));

    private static async Task NoDisconnectAsync(CaseRun run)
    {
        byte[] connect = PacketBytes.Connect(Full(run));
        (string Name, byte[] Bytes)[] variants =
        [
            ("PINGREQ first", PacketBytes.PingReq),
            ("an unknown packet type first", [0x00, 0x00]),
            ("a packet without an end of its length first", [0x30, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]),
            ("a CONNECT that is cut off", ConnectBytes.Cut(connect, 30)),
            ("a CONNECT with the reserved flag", ConnectBytes.Build(run.Version, 0x03, new ByteWriter().Text(run.NewClientIdentifier()))),
            ("a CONNECT with flags in its first byte", [0x11, .. connect[1..]]),
            ("a CONNECT with an unknown method",
                PacketBytes.Connect(run.NewConnect() with { Properties = Property.Text(PropertyId.AuthenticationMethod, "nonsense") })),
        ];
        await run.EachAsync(variants, variant => variant.Name, async variant =>
        {
            byte[] answer = await Refusal.ReadToEndAsync(run, variant.Bytes);
            run.Require(answer.Length == 0 || answer[0] == 0x20, $"CONNACK or nothing was due; there came {Convert.ToHexString(answer)}");
        });
    }

    private static IEnumerable<byte[]> BadTextsAndZero() => [.. BadTexts, [0x61, 0, 0x62]];

    /// <summary>With every field that CONNECT can have, so that each end of one is tried.</summary>
    private static ConnectFields Full(CaseRun run) => run.NewConnect() with
    {
        Properties = run.IsV5 ? [.. Property.SessionExpiryInterval(0), .. Property.User("n", "v")] : [],
        Will = new WireWill(run.NewTopic("will"), "x") { Properties = run.IsV5 ? Property.WillDelayInterval(0) : [] },
        UserName = "user",
        Password = PacketBytes.Utf8("word"),
    };
}
