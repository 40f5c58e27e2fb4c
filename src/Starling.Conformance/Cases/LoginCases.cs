using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Conformance.Cases;

/// <summary>A CONNECT that is well formed and refused: the code, the close, and that nothing behind it counts (3.1.4, 3.2.2).</summary>
internal static class LoginCases
{
    private const string AllAccepted = "the server accepts a CONNECT that it has to refuse, which is another fault";

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("A user that the server refuses is closed, with CONNACK 0x80 or above or without", ["MQTT-3.1.4-2"], RefusedAsync),
        new("A user that the server refuses gets CONNACK 0x04 or 0x05 and a close", ["MQTT311-3.2.2-5"], RefusedOldAsync),
        new("Behind a refused CONNECT nothing is handled", ["MQTT-3.1.4-6", "MQTT311-3.1.4-5"], NothingBehindAsync),
        new("Behind the CONNECT of a user that the server refuses nothing is handled",
            ["MQTT-3.1.4-6", "MQTT311-3.1.4-5"], NothingBehindUserAsync),
        new("A CONNACK that refuses has no Session Present, also where there is a session",
            ["MQTT-3.2.2-6", "MQTT311-3.2.2-4"], NoSessionPresentAsync),
        new("A CONNACK that refuses an unknown method has no Session Present", ["MQTT-3.2.2-6"], NoSessionPresentMethodAsync),
        new("A refused CONNECT leaves the session of its Client Identifier as it was", ["MQTT-3.1.4-2"], SessionStaysAsync),
        new("A CONNACK that refuses is followed by a close", ["MQTT-3.2.2-7", "MQTT311-3.2.2-5"], ClosedAsync),
        new("A will that may not be published is refused or kept quiet", ["MQTT-3.1.4-2"], DeniedWillAsync)
        {
            Needs = Needs.Wildcards,
            IsAdvice = true,
        },
    ];

    private static async Task RefusedAsync(CaseRun run)
    {
        (WireClient client, WirePacket? answer) = await TryRefusedAsync(run, run.NewConnect());
        if (answer is not null)
        {
            run.Require(
                answer.Type == PacketType.ConnAck && answer.Reason >= ReasonCode.UnspecifiedError,
                $"a CONNACK that refuses was due; {answer}");
            run.Note("says to a refused user", answer.ToString());
            await Refusal.ExpectEndAsync(run, client, answer);
        }
    }

    private static async Task RefusedOldAsync(CaseRun run)
    {
        (WireClient client, WirePacket? answer) = await TryRefusedAsync(run, run.NewConnect());
        if (answer is not null)
        {
            run.Require(
                answer is { Type: PacketType.ConnAck, Reason: (ReasonCode)4 or (ReasonCode)5 },
                $"CONNACK 04 or 05 was due; {answer}");
            await Refusal.ExpectEndAsync(run, client, answer);
        }
    }

    private static Task NothingBehindAsync(CaseRun run) => RequireNothingBehindAsync(run, PlainRefused(run));

    private static async Task NothingBehindUserAsync(CaseRun run)
    {
        ConnectFields refused = RefusedUser(run.NewConnect());
        await TryRefusedAsync(run, refused);
        await RequireNothingBehindAsync(run, refused);
    }

    private static async Task RequireNothingBehindAsync(CaseRun run, ConnectFields refused)
    {
        string topic = run.NewTopic();
        WireClient watcher = await run.SubscriberAsync(topic);
        WireClient client = await run.OpenAsync();
        await client.SendAsync(
        [
            .. PacketBytes.Connect(refused),
            .. PacketBytes.Publish(run.Version, new WireMessage(topic, "x") { Retain = run.Server.RetainAvailable }),
            .. PacketBytes.Subscribe(run.Version, 1, [], (topic, 0)), .. PacketBytes.PingReq,
        ]);
        IReadOnlyList<WirePacket> came = await client.DrainAsync(run.Target.Patience);
        if (came is [{ Type: PacketType.ConnAck, Reason: ReasonCode.Success }, ..])
        {
            run.Skip(AllAccepted);
        }

        run.Require(client.IsClosed, "the server should have closed the connection; it stayed open");
        run.Require(
            came is [] or [{ Type: PacketType.ConnAck, Reason: not ReasonCode.Success }],
            $"a CONNACK that refuses was due, or nothing; there came {string.Join(", ", came)}");
        await watcher.ExpectQuietAsync();
        WireClient late = await run.SubscriberAsync(topic);
        await late.ExpectQuietAsync();
    }

    private static async Task NoSessionPresentAsync(CaseRun run)
    {
        ConnectFields fields = run.NewConnect().Persistent();
        await (await run.ConnectAsync(fields)).DisconnectAsync();
        (_, WirePacket? answer) = await TryRefusedAsync(run, fields);
        run.Require(answer is null or { ConnAckFlags: 0 }, $"{answer} came");
    }

    private static async Task NoSessionPresentMethodAsync(CaseRun run)
    {
        ConnectFields fields = run.NewConnect().Persistent();
        await (await run.ConnectAsync(fields)).DisconnectAsync();
        (_, WirePacket? answer) = await run.TryConnectAsync(
            fields with { Properties = Property.Text(PropertyId.AuthenticationMethod, "nonsense") });
        run.Require(answer is null or { Reason: ReasonCode.Success } or { ConnAckFlags: 0 }, $"{answer} came");
    }

    private static async Task SessionStaysAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        ConnectFields fields = run.NewConnect().Persistent();
        WireClient client = await run.ConnectAsync(fields);
        await client.SubscribeAsync((topic, 0));
        await client.DisconnectAsync();
        await TryRefusedAsync(run, fields with { CleanStart = true, Properties = [] });
        WireClient again = await run.ConnectAsync(fields);
        await (await run.ConnectAsync()).PublishAsync(topic, "x");
        await again.ReceiveAsync();
    }

    private static async Task ClosedAsync(CaseRun run)
    {
        (WireClient client, WirePacket? answer) = await run.TryConnectAsync(PlainRefused(run));
        if (answer is null)
        {
            run.Skip("the server closes without a CONNACK");
        }

        run.Require(answer.Type == PacketType.ConnAck, $"a CONNACK that refuses was due; {answer}");
        if (answer.Reason == ReasonCode.Success)
        {
            run.Skip(AllAccepted);
        }

        await Refusal.ExpectEndAsync(run, client, answer);
    }

    private static async Task DeniedWillAsync(CaseRun run)
    {
        string name = run.NewTopic("will");
        string topic = Preparation.DeniedPrefix + name;
        WireClient watcher = await run.ConnectAsync();
        if (await watcher.TrySubscribeAsync((topic, 0)) is [<= 2])
        {
            run.Skip(Preparation.NothingDenied);
        }

        // This filter does not begin with what is denied, and would show the will.
        if (await watcher.TrySubscribeAsync((Preparation.AroundDenied + name, 0)) is not [<= 2])
        {
            run.Skip($"the server grants no filter {Preparation.AroundDenied} that would show the will");
        }

        (WireClient client, WirePacket? answer) = await run.TryConnectAsync(run.NewConnect() with { Will = new WireWill(topic, "x") });
        run.Note("says to a will that may not be published", answer?.ToString() ?? "nothing");
        client.Abort();
        await watcher.ExpectQuietAsync();
    }

    /// <summary>A CONNECT that every server refuses: in 5.0 for its method, in 3.x for its empty Client Identifier.</summary>
    private static ConnectFields PlainRefused(CaseRun run) => run.IsV5
        ? run.NewConnect() with { Properties = Property.Text(PropertyId.AuthenticationMethod, "nonsense") }
        : run.NewConnect() with { ClientIdentifier = "", CleanStart = false };

    private static ConnectFields RefusedUser(ConnectFields fields) =>
        fields with { UserName = Preparation.RefusedUserName, Password = PacketBytes.Utf8("any") };

    private static async Task<(WireClient Client, WirePacket? Answer)> TryRefusedAsync(CaseRun run, ConnectFields fields)
    {
        (WireClient client, WirePacket? answer) = await run.TryConnectAsync(RefusedUser(fields));
        if (answer is { Reason: ReasonCode.Success })
        {
            run.Skip(Preparation.NobodyRefused);
        }

        return (client, answer);
    }
}
