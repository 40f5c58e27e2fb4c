using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Cases;

/// <summary>
/// The place of CONNECT on a connection, its protocol name and level, and the order of its payload (3.1.0,
/// 3.1.2, 3.1.3).
/// </summary>
internal static class ConnectCases
{
    private static readonly byte[] OldRefusal = [0x20, 2, 0, 1];

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("Every packet but CONNECT that comes first ends the connection", ["MQTT-3.1.0-1", "MQTT311-3.1.0-1"], FirstAsync),
        new("A PUBLISH that comes before CONNECT is not taken", ["MQTT-3.1.0-1", "MQTT311-3.1.0-1"], FirstPublishAsync),
        new("A second CONNECT ends the connection", ["MQTT-3.1.0-2", "MQTT311-3.1.0-2"], SecondAsync),
        new("A CONNECT with another protocol name is not accepted", ["MQTT-3.1.2-1", "MQTT311-3.1.2-1"], NameAsync),
        new("A CONNECT of a version that nobody speaks gets CONNACK 0x84 or nothing, and a close", ["MQTT-3.1.2-2"], LevelAsync),
        new("A CONNECT of a level that nobody speaks is refused by the code for that, and closed", ["MQTT311-3.1.2-2"], OldLevelAsync),
        new("A CONNECT of level 3 is called MQIsdp", ["MQTT31-6"], IsdpAsync),
        new("A CONNECT of level 3 that is called MQTT gets CONNACK 0x01 and a close", ["MQTT31-6"], IsdpNameAsync),
        new("The fields of the payload of CONNECT are read in their order", ["MQTT-3.1.3-1", "MQTT311-3.1.3-1"], OrderAsync),
        new("The user name behind a will is read as the user name", ["MQTT-3.1.3-1", "MQTT311-3.1.3-1"], UserBehindWillAsync),
        new("Flags for user name and password without the fields are let pass", ["MQTT31-3"], MissingFieldsAsync),
    ];

    private static async Task FirstAsync(CaseRun run)
    {
        List<(string Name, byte[] Bytes)> packets =
        [
            ("PUBLISH", PacketBytes.Publish(run.Version, new WireMessage(run.NewTopic(), "x"))),
            ("PUBLISH QoS 1", PacketBytes.Publish(run.Version, new WireMessage(run.NewTopic(), "x") { Qos = 1 }, 1)),
            ("PUBACK", PacketBytes.Acknowledge(PacketType.PubAck, 1)),
            ("PUBREC", PacketBytes.Acknowledge(PacketType.PubRec, 1)),
            ("PUBREL", PacketBytes.Acknowledge(PacketType.PubRel, 1)),
            ("PUBCOMP", PacketBytes.Acknowledge(PacketType.PubComp, 1)),
            ("SUBSCRIBE", PacketBytes.Subscribe(run.Version, 1, [], (run.NewTopic(), 0))),
            ("UNSUBSCRIBE", PacketBytes.Unsubscribe(run.Version, 1, run.NewTopic())),
            ("PINGREQ", PacketBytes.PingReq),
            ("DISCONNECT", PacketBytes.Disconnect),
        ];
        if (run.IsV5)
        {
            packets.Add(("AUTH", PacketBytes.Auth(ReasonCode.ContinueAuthentication)));
        }

        await run.EachAsync(packets, packet => packet.Name, packet => Refusal.SendAsync(run, packet.Bytes));
    }

    private static async Task FirstPublishAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient watcher = await run.SubscriberAsync(topic);
        await Refusal.SendAsync(run, PacketBytes.Publish(run.Version, new WireMessage(topic, "x")));
        await watcher.ExpectQuietAsync();
    }

    private static async Task SecondAsync(CaseRun run)
    {
        ConnectFields first = run.NewConnect();
        (string Name, byte[] Bytes)[] seconds =
        [
            ("the same", PacketBytes.Connect(first)),
            ("another client", PacketBytes.Connect(run.NewConnect())),
            ("an empty one", PacketBytes.Frame(0x10, [])),
        ];
        foreach ((string name, byte[] bytes) in seconds)
        {
            WireClient client = await run.ConnectAsync(first);
            await client.SendAsync(bytes);
            IReadOnlyList<WirePacket> came = await client.DrainAsync(run.Target.Patience);
            run.Require(
                client.IsClosed,
                $"{name}: the connection should have been closed; it stayed open, and there came {string.Join(", ", came)}");
            run.Require(
                came.All(packet => packet is not { Type: PacketType.ConnAck, Reason: ReasonCode.Success }),
                $"{name}: a second CONNECT was accepted");
        }
    }

    private static async Task NameAsync(CaseRun run)
    {
        string[] names = ["XQTT", "mqtt", "MQTTT", "MQT", "MQtt", "MQIsdp", ""];
        await run.EachAsync(names, name => $"'{name}'", async name =>
        {
            byte[] answer = await Refusal.ReadToEndAsync(
                run, ConnectBytes.Named(name, (int)run.Version, run.Version, run.NewClientIdentifier()));
            run.Note("says to a wrong protocol name", answer.Length == 0 ? "nothing" : Convert.ToHexString(answer));

            // A code that refuses the user, of 3.x or of 5.0, shows that the name was let pass.
            run.Require(
                answer.Length == 0 || (answer.Length >= 4 && answer[0] == 0x20 && answer[3] is not (0 or 4 or 5 or 0x86 or 0x87)),
                $"a refusal of the name was due; there came {Convert.ToHexString(answer)}");
        });
    }

    private static async Task LevelAsync(CaseRun run)
    {
        int[] levels = [0, 1, 2, 6, 9, 127];
        await run.EachAsync(levels, level => $"level {level}", async level =>
        {
            byte[] answer = await Refusal.ReadToEndAsync(run, ConnectBytes.Named("MQTT", level, MqttVersion.V5, run.NewClientIdentifier()));

            // The server cannot know the form of a version that it does not speak, so that of 3.x is as good as that of 5.0.
            run.Note("says to a version it does not speak", answer.Length == 0 ? "nothing" : Convert.ToHexString(answer));
            run.Require(
                answer.Length == 0 || IsOldForm(answer) || IsNewForm(answer),
                $"CONNACK 0x84 or nothing was due; there came {Convert.ToHexString(answer)}");
        });
    }

    private static async Task OldLevelAsync(CaseRun run)
    {
        await run.EachAsync([0, 1, 2], level => $"level {level}", level =>
            RequireOldRefusalAsync(run, ConnectBytes.Named("MQTT", level, MqttVersion.V311, run.NewClientIdentifier())));

        // Above 4 a server that speaks 5.0 may refuse in the words of 5.0, since the client is likelier to know them.
        await run.EachAsync([6, 9, 127], level => $"level {level}", async level =>
        {
            byte[] answer = await Refusal.ReadToEndAsync(
                run, ConnectBytes.Named("MQTT", level, MqttVersion.V311, run.NewClientIdentifier()));
            run.Note("says to a version it does not speak", answer.Length == 0 ? "nothing" : Convert.ToHexString(answer));
            run.Require(IsOldForm(answer) || IsNewForm(answer), $"CONNACK 20020001 was due; there came '{Convert.ToHexString(answer)}'");
        });
    }

    private static bool IsOldForm(byte[] answer) => answer.AsSpan().SequenceEqual(OldRefusal);

    private static bool IsNewForm(byte[] answer) =>
        answer.Length >= 5 && answer[0] == 0x20 && answer[2] == 0 && answer[3] == (int)ReasonCode.UnsupportedProtocolVersion;

    private static async Task IsdpAsync(CaseRun run)
    {
        WireClient client = await run.ConnectAsync();
        await client.PingAsync();
    }

    private static Task IsdpNameAsync(CaseRun run) =>
        RequireOldRefusalAsync(run, ConnectBytes.Named("MQTT", (int)MqttVersion.V31, MqttVersion.V31, run.NewClientIdentifier()));

    private static async Task RequireOldRefusalAsync(CaseRun run, byte[] connect)
    {
        byte[] answer = await Refusal.ReadToEndAsync(run, connect);
        run.Require(IsOldForm(answer), $"CONNACK 20020001 was due; there came '{Convert.ToHexString(answer)}'");
    }

    private static async Task OrderAsync(CaseRun run)
    {
        string topic = run.NewTopic("will");
        WireClient watcher = await run.SubscriberAsync(topic);
        ConnectFields plain = run.NewConnect();
        ConnectFields fields = plain with
        {
            Will = new WireWill(topic, "the will"),
            UserName = plain.UserName ?? "user",
            Password = plain.Password ?? PacketBytes.Utf8("password"),
        };
        (WireClient client, WirePacket? connAck) = await run.TryConnectAsync(fields);
        if (connAck is { Type: PacketType.ConnAck }
            && connAck.Reason is ReasonCode.BadUserNameOrPassword or ReasonCode.NotAuthorized or (ReasonCode)4 or (ReasonCode)5)
        {
            run.Skip("the server does not know the user; give one with -u and -P to test this");
        }

        run.Require(connAck is { Type: PacketType.ConnAck, Reason: ReasonCode.Success }, $"a CONNACK that accepts was due; {connAck}");
        client.Abort();
        WirePacket will = await watcher.ReceiveAsync();
        run.RequireEqual((topic, "the will"), (will.Topic, will.Text), "the will");
    }

    private static async Task UserBehindWillAsync(CaseRun run)
    {
        ConnectFields refused = run.NewConnect() with
        {
            Will = new WireWill(run.NewTopic("will"), "the will"),
            UserName = Preparation.RefusedUserName,
            Password = PacketBytes.Utf8("password"),
        };
        (WireClient without, WirePacket? plain) = await run.TryConnectAsync(refused with { Will = null });
        if (plain is { Reason: ReasonCode.Success })
        {
            await without.DisconnectAsync();
            run.Skip(Preparation.NobodyRefused);
        }

        (_, WirePacket? answer) = await run.TryConnectAsync(refused);
        run.RequireEqual(plain?.Reason, answer?.Reason, "the code for the same user with a will");
    }

    private static async Task MissingFieldsAsync(CaseRun run)
    {
        bool isAnonymous = run.NewConnect().UserName is null;
        (string Name, int Flags, string? UserName)[] variants =
        [
            ("both flags and no field", 0xC2, null),
            ("the user name's flag and no field", 0x82, null),
            ("both flags and a user name", 0xC2, "user"),
        ];
        await run.EachAsync(variants, variant => variant.Name, async variant =>
        {
            ByteWriter payload = new ByteWriter().Text(run.NewClientIdentifier());
            WireClient client = await run.OpenAsync();
            await client.SendAsync(
                ConnectBytes.Build(run.Version, variant.Flags, variant.UserName is null ? payload : payload.Text(variant.UserName)));
            WirePacket connAck = await client.ExpectAsync(PacketType.ConnAck);

            // Whether such a user may come in is the server's business, when it wants a login.
            bool isLogin = connAck.Reason is (ReasonCode)4 or (ReasonCode)5 && (!isAnonymous || variant.UserName is not null);
            run.Require(isLogin || connAck.Reason == ReasonCode.Success, $"CONNACK 00 was due; {connAck}");
        });
    }
}
