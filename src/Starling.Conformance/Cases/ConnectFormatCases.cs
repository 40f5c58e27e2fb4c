using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Conformance.Cases;

/// <summary>CONNECT packets that break the format: cut off, too long, or with bad properties (3.1.3, 3.1.4).</summary>
internal static class ConnectFormatCases
{
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("A CONNECT that is cut off at any byte is refused", ["MQTT-3.1.4-1", "MQTT311-3.1.4-1"], CutAsync),
        new("A CONNECT with bytes behind its last field is refused", ["MQTT-3.1.4-1", "MQTT311-3.1.4-1"], TooLongAsync),
        new("A CONNECT with broken properties is refused", ["MQTT-3.1.4-1"], PropertiesAsync),
        new("A CONNECT that breaks the format gets no CONNACK at all", ["MQTT311-3.1.4-1", "MQTT311-3.2.2-6"], SilentAsync),
        new("A CONNECT without a Client Identifier field is refused", ["MQTT-3.1.3-3", "MQTT311-3.1.3-3"], NoIdentifierAsync),
        new("No DISCONNECT answers a connection that CONNECT has not opened", ["MQTT-3.14.0-1"], NoDisconnectAsync),
    ];

    private static async Task CutAsync(CaseRun run)
    {
        byte[] connect = PacketBytes.Connect(Full(run));
        int bodyBytes = ConnectBytes.BodyOf(connect).Length;
        await run.EachAsync(Enumerable.Range(0, bodyBytes), bytes => $"after byte {bytes} of {bodyBytes}", bytes =>
            Refusal.SendBrokenAsync(run, ConnectBytes.Cut(connect, bytes)));
    }

    private static async Task TooLongAsync(CaseRun run)
    {
        byte[] body = ConnectBytes.BodyOf(PacketBytes.Connect(Full(run)));
        byte[][] tails = [[0], [0, 0], [0, 1, 0x61]];
        await run.EachAsync(tails, Convert.ToHexString, tail => Refusal.SendBrokenAsync(run, PacketBytes.Frame(0x10, [.. body, .. tail])));
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
            Refusal.SendBrokenAsync(run, PacketBytes.Connect(run.NewConnect() with { Properties = variant.Properties })));
        byte[] tooLong = PacketBytes.Frame(
            0x10, new ByteWriter().Text("MQTT").Byte(5).Byte(2).TwoByte(0).VariableByte(100).TwoByte(0).ToArray());
        await Refusal.SendBrokenAsync(run, tooLong);
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
            Refusal.SendBrokenAsync(run, ConnectBytes.Build(run.Version, ConnectBytes.CleanStart, payload)));
    }

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
            // Whether the server ends the connection is for other cases, so one that goes on is let go on.
            WireClient client = await run.OpenAsync();
            await client.SendAsync(variant.Bytes);
            IReadOnlyList<WirePacket> came = await client.DrainAsync(run.Target.Patience);
            run.Require(
                came.TakeWhile(packet => packet is not { Type: PacketType.ConnAck, Reason: ReasonCode.Success })
                    .All(packet => packet.Type != PacketType.Disconnect),
                $"CONNACK or nothing was due; there came {string.Join(", ", came)}");
        });
    }

    /// <summary>With every field that CONNECT can have, so that each end of one is tried.</summary>
    private static ConnectFields Full(CaseRun run) => run.NewConnect() with
    {
        Properties = run.IsV5 ? [.. Property.SessionExpiryInterval(0), .. Property.User("n", "v")] : [],
        Will = new WireWill(run.NewTopic("will"), "x") { Properties = run.IsV5 ? Property.WillDelayInterval(0) : [] },
        UserName = "user",
        Password = PacketBytes.Utf8("word"),
    };
}
