using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Cases;

/// <summary>The flags of CONNECT, and that the payload has the fields that they announce and no others (3.1.2).</summary>
internal static class ConnectFlagCases
{
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("A CONNECT with the reserved flag is refused", ["MQTT-3.1.2-3", "MQTT311-3.1.2-3"], ReservedAsync),
        new("A CONNECT with Will Flag 1 without the fields of a will is refused", ["MQTT-3.1.2-9", "MQTT311-3.1.2-9"], WillMissingAsync),
        new("A CONNECT with Will Flag 0 and a will is refused", ["MQTT311-3.1.2-11"], WillSuperfluousAsync),
        new("A CONNECT with Will Flag 0 and a Will QoS is refused",
            ["MQTT-3.1.2-11", "MQTT311-3.1.2-11", "MQTT311-3.1.2-13"], WillQosWithoutWillAsync),
        new("A CONNECT with Will QoS 3 is refused", ["MQTT-3.1.2-12", "MQTT311-3.1.2-14"], WillQosThreeAsync),
        new("A CONNECT with Will QoS 1 or 2 is no fault", ["MQTT-3.1.2-12", "MQTT311-3.1.2-14"], WillQosAsync) { Needs = Needs.Qos2 },
        new("A CONNECT with Will Flag 0 and Will Retain is refused",
            ["MQTT-3.1.2-13", "MQTT311-3.1.2-11", "MQTT311-3.1.2-15"], WillRetainWithoutWillAsync),
        new("A CONNECT with User Name Flag 0 and a user name is refused", ["MQTT-3.1.2-16", "MQTT311-3.1.2-18"], UserNameSuperfluousAsync),
        new("A CONNECT with User Name Flag 1 without a user name is refused", ["MQTT-3.1.2-17", "MQTT311-3.1.2-19"], UserNameMissingAsync),
        new("A CONNECT with Password Flag 0 and a password is refused", ["MQTT-3.1.2-18", "MQTT311-3.1.2-20"], PasswordSuperfluousAsync),
        new("A CONNECT with Password Flag 1 without a password is refused", ["MQTT-3.1.2-19", "MQTT311-3.1.2-21"], PasswordMissingAsync),
        new("A password without a user name is no format error", ["MQTT-3.1.2-19"], PasswordAloneAsync),
        new("A password of any bytes is no format error", ["MQTT-3.1.2-19", "MQTT311-3.1.2-21"], PasswordBytesAsync),
        new("A CONNECT with Password Flag 1 and User Name Flag 0 is refused", ["MQTT311-3.1.2-22"], PasswordAloneRefusedAsync),
    ];

    private static Task ReservedAsync(CaseRun run) => RefusedFlagsAsync(run, 0x03, 0x01);

    private static Task WillQosWithoutWillAsync(CaseRun run) => RefusedFlagsAsync(run, 0x0A, 0x12, 0x1A);

    private static Task WillRetainWithoutWillAsync(CaseRun run) => RefusedFlagsAsync(run, 0x22);

    private static Task RefusedFlagsAsync(CaseRun run, params int[] flags) =>
        run.EachAsync(flags, value => $"flags {value:X2}", value =>
            Refusal.SendBrokenAsync(run, ConnectBytes.Build(run.Version, value, Identifier(run))));

    private static async Task WillMissingAsync(CaseRun run)
    {
        const int Flags = 0x06;
        List<(string Name, ByteWriter Payload)> variants =
        [
            ("nothing", Identifier(run)),
            ("a topic without its text", Identifier(run).WillProperties(run.Version).TwoByte(4)),
            ("no payload", Identifier(run).WillProperties(run.Version).Text(run.NewTopic())),
            ("a payload without its bytes", Identifier(run).WillProperties(run.Version).Text(run.NewTopic()).TwoByte(4)),
        ];
        if (run.IsV5)
        {
            variants.Add(("no properties", Identifier(run).Text(run.NewTopic()).Text("x")));
            variants.Add(("properties alone", Identifier(run).WillProperties(run.Version)));
        }

        await run.EachAsync(variants, variant => variant.Name, variant =>
            Refusal.SendBrokenAsync(run, ConnectBytes.Build(run.Version, Flags, variant.Payload)));
    }

    private static async Task WillSuperfluousAsync(CaseRun run) => await RefusedAsync(run, ConnectBytes.CleanStart, Will(run));

    private static Task WillQosThreeAsync(CaseRun run) => run.EachAsync([0x1E, 0x3E], flags => $"flags {flags:X2}", flags =>
        Refusal.SendBrokenAsync(run, ConnectBytes.Build(run.Version, flags, Will(run))));

    private static Task WillQosAsync(CaseRun run) => run.EachAsync([0, 1, 2], qos => $"Will QoS {qos}", async qos =>
    {
        WireClient client = await run.ConnectAsync(run.NewConnect() with { Will = new WireWill(run.NewTopic("will"), "x") { Qos = qos } });
        await client.PingAsync();
        await client.SendAsync(PacketBytes.Disconnect);
    });

    private static Task UserNameSuperfluousAsync(CaseRun run) => RefusedAsync(run, ConnectBytes.CleanStart, Identifier(run).Text("user"));

    private static async Task UserNameMissingAsync(CaseRun run)
    {
        await RefusedAsync(run, 0x82, Identifier(run));
        await RefusedAsync(run, 0x82, Identifier(run).TwoByte(4));
        await RefusedAsync(run, 0x82, Identifier(run).TwoByte(4).Raw("use"u8));
    }

    private static async Task PasswordSuperfluousAsync(CaseRun run) =>
        await RefusedAsync(run, 0x82, Identifier(run).Text("user").Text("password"));

    private static async Task PasswordMissingAsync(CaseRun run)
    {
        await RefusedAsync(run, 0xC2, Identifier(run).Text("user"));
        await RefusedAsync(run, 0xC2, Identifier(run).Text("user").TwoByte(4));
        await RefusedAsync(run, 0xC2, Identifier(run).Text("user").TwoByte(4).Raw("pas"u8));
    }

    private static Task PasswordAloneRefusedAsync(CaseRun run) => RefusedAsync(run, 0x42, Identifier(run).Text("password"));

    private static Task PasswordAloneAsync(CaseRun run) => NoFormatErrorAsync(run, run.NewConnect() with
    {
        UserName = null,
        Password = PacketBytes.Utf8("password"),
    });

    private static Task PasswordBytesAsync(CaseRun run) => NoFormatErrorAsync(run, run.NewConnect() with
    {
        UserName = "user",
        Password = [0, 0xFF, 0xC0, 0xAF, 0xED, 0xA0, 0x80],
    });

    /// <summary>
    /// Whether such a client may come in is the server's business; that its CONNECT is well formed is not. A server may refuse a user
    /// without a word, so an ordinary login shows first whether this one does.
    /// </summary>
    private static async Task NoFormatErrorAsync(CaseRun run, ConnectFields fields)
    {
        ConnectFields ordinary = run.NewConnect() with { UserName = "user", Password = PacketBytes.Utf8("password") };
        (_, WirePacket? usual) = await run.TryConnectAsync(ordinary);
        if (usual is null)
        {
            run.Skip("the server closes without a code, so that its reason cannot be told");
        }

        (_, WirePacket? answer) = await run.TryConnectAsync(fields);
        run.Require(answer?.Type == PacketType.ConnAck, $"CONNACK was due; {answer?.ToString() ?? "the connection was closed"}");
        run.Require(
            answer?.Reason is not (ReasonCode.MalformedPacket or ReasonCode.ProtocolError),
            $"{answer} came, which says that the packet is broken");
        run.Note("says to a well-formed login", $"{answer}");
    }

    private static async Task RefusedAsync(CaseRun run, int flags, ByteWriter payload) =>
        await Refusal.SendBrokenAsync(run, ConnectBytes.Build(run.Version, flags, payload));

    private static ByteWriter Identifier(CaseRun run) => new ByteWriter().Text(run.NewClientIdentifier());

    private static ByteWriter Will(CaseRun run) => Identifier(run).WillProperties(run.Version).Text(run.NewTopic("will")).Text("x");
}
