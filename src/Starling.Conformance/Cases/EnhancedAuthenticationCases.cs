using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Conformance.Cases;

/// <summary>Exchanges of AUTH packets with the method that a prepared server has (3.1.2.11.9, 3.15, 4.12).</summary>
internal static class EnhancedAuthenticationCases
{
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("The server's challenge is AUTH 0x18", ["MQTT-4.12.0-2"], ChallengeAsync),
        new("Every AUTH of the server and its CONNACK repeat the method", ["MQTT-4.12.0-5"], MethodRepeatedAsync),
        new("A good answer opens the connection", ["MQTT-4.12.0-3"], GoodAnswerAsync),
        new("An answer with another code than 0x18 is refused", ["MQTT-4.12.0-3", "MQTT-3.15.2-1"], WrongCodeAsync),
        new("An answer with another method or with none is refused", ["MQTT-4.12.0-5", "U5-41"], WrongMethodAsync),
        new("A wrong answer is refused, and the connection closed", ["MQTT-4.12.0-4"], WrongAnswerAsync),
        new("Wrong first data are refused, and the connection closed", ["MQTT-4.12.0-4"], WrongFirstDataAsync),
        new("Until CONNACK the server takes AUTH and DISCONNECT only", ["MQTT-3.1.2-30"], OtherPacketsAsync),
        new("A client may give up before CONNACK", ["MQTT-3.1.2-30"], GivesUpAsync),
        new("A client can authenticate again by AUTH 0x19", ["MQTT-4.12.1-1"], AgainAsync),
        new("A client that authenticates again gets no second CONNACK", ["MQTT-3.2.0-2"], NoSecondConnAckAsync),
        new("A client cannot authenticate again by another method", ["MQTT-4.12.1-1"], AgainByOtherMethodAsync),
        new("A client that fails to authenticate again is closed", ["MQTT-4.12.1-2"], AgainInVainAsync),
        new("An AUTH with a code that it does not have ends the connection", ["MQTT-3.15.2-1"], UnknownCodeAsync),
        new("An AUTH without a method ends the connection of a client that named one", ["U5-41"], MissingMethodAsync),
        new("No AUTH is larger than a client allows, whatever it could explain", ["MQTT-3.15.2-2", "MQTT-3.15.2-3"], SmallAuthAsync),
    ];

    private static async Task ChallengeAsync(CaseRun run)
    {
        (_, WirePacket challenge) = await BeginAsync(run);
        run.RequireEqual(ReasonCode.ContinueAuthentication, challenge.Reason, "the code of AUTH");
        run.RequireEqual(Preparation.MethodChallenge, DataOf(challenge), "the Authentication Data");
    }

    private static async Task MethodRepeatedAsync(CaseRun run)
    {
        (WireClient client, WirePacket challenge) = await BeginAsync(run);
        await client.SendAsync(Answer(ReasonCode.ContinueAuthentication, Preparation.MethodAnswer));
        WirePacket connAck = await client.ExpectAsync(PacketType.ConnAck);
        await client.SendAsync(Answer(ReasonCode.ReAuthenticate, Preparation.MethodBegin));
        WirePacket again = await client.ExpectAsync(PacketType.Auth);
        await client.SendAsync(Answer(ReasonCode.ContinueAuthentication, Preparation.MethodAnswer));
        WirePacket success = await client.ExpectAsync(PacketType.Auth);
        foreach (WirePacket packet in (WirePacket[])[challenge, connAck, again, success])
        {
            run.RequireEqual(Preparation.Method, packet.TextOf(PropertyId.AuthenticationMethod), $"the Authentication Method of {packet}");
        }
    }

    private static async Task GoodAnswerAsync(CaseRun run)
    {
        WireClient client = await ConnectAsync(run);
        await client.PingAsync();
    }

    private static Task WrongCodeAsync(CaseRun run) =>
        run.EachAsync([0x00, 0x01, 0x19, 0x7F, 0x80, 0x87], code => $"{code:X2}", async code =>
        {
            (WireClient client, _) = await BeginAsync(run);
            await client.SendAsync(Answer((ReasonCode)code, Preparation.MethodAnswer));
            await Refusal.ExpectAsync(run, client);
        });

    private static async Task WrongMethodAsync(CaseRun run)
    {
        byte[] data = Data(Preparation.MethodAnswer);
        byte[][] variants = [[.. Property.Text(PropertyId.AuthenticationMethod, "nonsense"), .. data], data, []];
        await run.EachAsync(variants, Convert.ToHexString, async properties =>
        {
            (WireClient client, _) = await BeginAsync(run);
            await client.SendAsync(PacketBytes.Auth(ReasonCode.ContinueAuthentication, properties));
            await Refusal.ExpectAsync(run, client);
        });
    }

    private static async Task WrongAnswerAsync(CaseRun run)
    {
        (WireClient client, _) = await BeginAsync(run);
        await client.SendAsync(Answer(ReasonCode.ContinueAuthentication, "wrong"));
        RequireRefusal(run, await Refusal.ExpectAsync(run, client));
    }

    private static async Task WrongFirstDataAsync(CaseRun run)
    {
        await BeginAsync(run);
        byte[] properties = [.. Property.Text(PropertyId.AuthenticationMethod, Preparation.Method), .. Data("wrong")];
        RequireRefusal(run, await Refusal.SendAsync(run, PacketBytes.Connect(run.NewConnect() with { Properties = properties })));
    }

    private static async Task OtherPacketsAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient watcher = await run.SubscriberAsync(topic);
        byte[][] variants =
        [
            PacketBytes.PingReq, PacketBytes.Publish(run.Version, new WireMessage(topic, "x")),
            PacketBytes.Subscribe(run.Version, 1, [], (topic, 0)), PacketBytes.Unsubscribe(run.Version, 1, topic),
            PacketBytes.Acknowledge(PacketType.PubAck, 1), PacketBytes.Connect(run.NewConnect()),
        ];
        await run.EachAsync(variants, Convert.ToHexString, async bytes =>
        {
            (WireClient client, _) = await BeginAsync(run);
            await client.SendAsync([.. bytes, .. Answer(ReasonCode.ContinueAuthentication, Preparation.MethodAnswer)]);
            await Refusal.ExpectAsync(run, client);
        });
        await watcher.ExpectQuietAsync();
    }

    private static async Task GivesUpAsync(CaseRun run)
    {
        (WireClient client, _) = await BeginAsync(run);
        await client.SendAsync(PacketBytes.Disconnect);
        IReadOnlyList<WirePacket> came = await client.DrainAsync();
        run.Require(came.Count == 0, $"nothing was due; there came {string.Join(", ", came)}");
    }

    private static async Task AgainAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient client = await ConnectAsync(run);
        await client.SubscribeAsync((topic, 0));
        await client.SendAsync(Answer(ReasonCode.ReAuthenticate, Preparation.MethodBegin));
        WirePacket challenge = await client.ExpectAsync(PacketType.Auth);
        run.RequireEqual(
            (ReasonCode.ContinueAuthentication, Preparation.MethodChallenge), (challenge.Reason, DataOf(challenge)),
            "the challenge");
        await client.SendAsync(Answer(ReasonCode.ContinueAuthentication, Preparation.MethodAnswer));
        WirePacket success = await client.ExpectAsync(PacketType.Auth);
        run.RequireEqual((ReasonCode.Success, Preparation.MethodWelcome), (success.Reason, DataOf(success)), "the end of the exchange");
        await client.PublishAsync(topic, "x");
        await client.ReceiveAsync();
    }

    private static async Task NoSecondConnAckAsync(CaseRun run)
    {
        WireClient client = await ConnectAsync(run);
        await client.SendAsync(Answer(ReasonCode.ReAuthenticate, Preparation.MethodBegin));
        await client.TakeAsync(PacketType.Auth);
        await client.SendAsync([.. Answer(ReasonCode.ContinueAuthentication, Preparation.MethodAnswer), .. PacketBytes.PingReq]);
        await client.TakeAsync(PacketType.PingResp);
        IReadOnlyList<WirePacket> came = await client.DrainAsync();
        run.Require(came.All(packet => packet.Type != PacketType.ConnAck), $"there came {string.Join(", ", came)}");
    }

    private static async Task AgainByOtherMethodAsync(CaseRun run)
    {
        WireClient client = await ConnectAsync(run);
        byte[] properties = [.. Property.Text(PropertyId.AuthenticationMethod, "nonsense"), .. Data(Preparation.MethodBegin)];
        await client.SendAsync(PacketBytes.Auth(ReasonCode.ReAuthenticate, properties));
        await client.ExpectEndAsync(ReasonCode.ProtocolError, ReasonCode.BadAuthenticationMethod, ReasonCode.NotAuthorized);
    }

    private static async Task AgainInVainAsync(CaseRun run)
    {
        WireClient first = await ConnectAsync(run);
        await first.SendAsync(Answer(ReasonCode.ReAuthenticate, "wrong"));
        await RequireEndAsync(run, first);
        WireClient second = await ConnectAsync(run);
        await second.SendAsync(Answer(ReasonCode.ReAuthenticate, Preparation.MethodBegin));
        await second.ExpectAsync(PacketType.Auth);
        await second.SendAsync(Answer(ReasonCode.ContinueAuthentication, "wrong"));
        await RequireEndAsync(run, second);
    }

    private static Task UnknownCodeAsync(CaseRun run) => run.EachAsync([0x01, 0x17, 0x1A, 0x7F, 0x80], code => $"{code:X2}", async code =>
    {
        WireClient client = await ConnectAsync(run);
        await client.SendAsync(Answer((ReasonCode)code, Preparation.MethodBegin));
        await client.ExpectEndAsync(ReasonCode.ProtocolError, ReasonCode.MalformedPacket);
    });

    private static async Task MissingMethodAsync(CaseRun run)
    {
        byte[][] variants =
        [
            PacketBytes.Auth(ReasonCode.ReAuthenticate, Data(Preparation.MethodBegin)),
            PacketBytes.Auth(ReasonCode.ReAuthenticate),
            [0xF0, 0],
        ];
        await run.EachAsync(variants, Convert.ToHexString, async bytes =>
        {
            WireClient client = await ConnectAsync(run);
            await client.SendAsync(bytes);
            await client.ExpectEndAsync(ReasonCode.ProtocolError, ReasonCode.MalformedPacket);
        });
    }

    private static async Task SmallAuthAsync(CaseRun run)
    {
        await BeginAsync(run);
        await run.EachAsync([3, 8, 16, 19, 24, 40], limit => $"{limit} bytes", async limit =>
        {
            byte[] properties = [.. FirstProperties(), .. Property.MaximumPacketSize((uint)limit)];
            WireClient client = await run.OpenAsync();
            await client.SendConnectAsync(run.NewConnect() with { Properties = properties });
            foreach (WirePacket packet in await client.DrainAsync())
            {
                run.Require(packet.SizeBytes <= limit, $"{packet} has {packet.SizeBytes} bytes");
            }
        });
    }

    /// <summary>The server's refusal of an exchange that has begun on an open connection.</summary>
    private static async Task RequireEndAsync(CaseRun run, WireClient client)
    {
        IReadOnlyList<WirePacket> came = await client.DrainAsync(run.Target.Patience);
        run.Require(client.IsClosed, "the server should have closed the connection; it stayed open");
        run.Require(
            came is [] or [{ Type: PacketType.Disconnect, Reason: >= ReasonCode.UnspecifiedError }],
            $"a DISCONNECT with a code of an error was due, or nothing; there came {string.Join(", ", came)}");
    }

    private static void RequireRefusal(CaseRun run, ReasonCode? code) =>
        run.Require(code is null or >= ReasonCode.UnspecifiedError, $"a code from 80 up was due, or none; it is {(int?)code:X2}");

    private static byte[] FirstProperties() =>
        [.. Property.Text(PropertyId.AuthenticationMethod, Preparation.Method), .. Data(Preparation.MethodBegin)];

    private static byte[] Answer(ReasonCode code, string data) =>
        PacketBytes.Auth(code, [.. Property.Text(PropertyId.AuthenticationMethod, Preparation.Method), .. Data(data)]);

    private static byte[] Data(string text) => Property.Data(PropertyId.AuthenticationData, PacketBytes.Utf8(text));

    private static string? DataOf(WirePacket packet) => packet.TextOf(PropertyId.AuthenticationData);

    /// <summary>Begins an exchange, if the server has the method.</summary>
    /// <returns>The connection, on which the answer to the challenge is due.</returns>
    private static async Task<(WireClient Client, WirePacket Challenge)> BeginAsync(CaseRun run)
    {
        (WireClient client, WirePacket? first) = await run.TryConnectAsync(run.NewConnect() with { Properties = FirstProperties() });
        if (first is not { Type: PacketType.Auth })
        {
            run.Skip(Preparation.NoMethod);
        }

        return (client, first);
    }

    private static async Task<WireClient> ConnectAsync(CaseRun run)
    {
        (WireClient client, _) = await BeginAsync(run);
        await client.SendAsync(Answer(ReasonCode.ContinueAuthentication, Preparation.MethodAnswer));
        WirePacket connAck = await client.ExpectAsync(PacketType.ConnAck);
        run.RequireEqual((ReasonCode.Success, Preparation.MethodWelcome), (connAck.Reason, DataOf(connAck)), "CONNACK");
        return client;
    }
}
