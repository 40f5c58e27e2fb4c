using Starling.Conformance.Running;
using Starling.Conformance.Wire;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Conformance.Cases;

/// <summary>What a malformed packet or a protocol error leads to, whichever it is (chapters 4.13 of 5.0 and 4.8 of 3.1.1).</summary>
internal static class ErrorCases
{
    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("Errors of every kind end the connection", ["MQTT-4.13.1-1"], EveryKindAsync),
        new("An error in CONNECT ends the connection", ["MQTT-4.13.1-1"], InConnectAsync),
        new("Nothing behind a malformed packet is done", ["MQTT-4.13.1-1", "MQTT311-4.8.0-1"], NothingBehindAsync),
        new("An error ends only the connection it came on", ["MQTT311-4.8.0-1", "MQTT-4.13.1-1"], OthersStayAsync),
        new("A DISCONNECT of the server with a code from 80 goes with a close", ["MQTT-4.13.2-1"], DisconnectAndCloseAsync),
        new("A CONNACK with a code from 80 goes with a close", ["MQTT-4.13.2-1"], ConnAckAndCloseAsync),
    ];

    private static Task EveryKindAsync(CaseRun run) => run.EachAsync(ErrorsOf(run), error => error.Name, async error =>
    {
        WireClient client = await run.ConnectAsync();
        await client.SendRefusedAsync(error.Bytes, Scene.FormatErrors);
    });

    private static (string Name, byte[] Bytes)[] ErrorsOf(CaseRun run)
    {
        byte[] twice = [.. Property.MessageExpiryInterval(9), .. Property.MessageExpiryInterval(9)];
        return
        [
            ("packet type 0", [0, 0]),
            ("reserved flags", [0xC1, 0]),
            ("a property twice", PacketBytes.Publish(run.Version, new WireMessage(run.NewTopic(), "twice") { Properties = twice })),
            ("a field that is cut", [0x30, 3, 0, 9, (byte)'t']),
        ];
    }

    private static async Task InConnectAsync(CaseRun run)
    {
        Scene scene = await Scene.OpenAsync(run, PacketType.Connect);
        await scene.RefusedAsync(scene.Packet.With(Property.Sample(PropertyId.TopicAlias)).Bytes, Scene.FormatErrors);
    }

    private static async Task NothingBehindAsync(CaseRun run)
    {
        string topic = run.NewTopic();
        WireClient watcher = await run.SubscriberAsync(topic);
        WireClient client = await run.ConnectAsync();
        byte[] publish = PacketBytes.Publish(run.Version, new WireMessage(topic, "behind the error"));
        await client.SendRefusedAsync([0, 0, .. publish], Scene.FormatErrors);
        await watcher.ExpectQuietAsync();
    }

    private static async Task OthersStayAsync(CaseRun run)
    {
        WireClient other = await run.ConnectAsync();
        WireClient client = await run.ConnectAsync();
        await client.SendRefusedAsync([0, 0], Scene.FormatErrors);
        await other.PingAsync();
    }

    private static Task DisconnectAndCloseAsync(CaseRun run) => run.EachAsync(ErrorsOf(run), error => error.Name, async error =>
    {
        WireClient client = await run.ConnectAsync();
        await client.SendAsync([.. error.Bytes, .. PacketBytes.PingReq]);
        await RequireCloseBehindAsync(run, client, PacketType.Disconnect);
    });

    private static async Task ConnAckAndCloseAsync(CaseRun run)
    {
        Scene scene = await Scene.OpenAsync(run, PacketType.Connect);
        await scene.Client.SendAsync(scene.Packet.With(Property.ReceiveMaximum(0)).Bytes);
        await RequireCloseBehindAsync(run, scene.Client, PacketType.ConnAck);
    }

    /// <summary>Only a code that was sent is held to the rule; that an error must be noticed is another one.</summary>
    private static async Task RequireCloseBehindAsync(CaseRun run, WireClient client, PacketType type)
    {
        bool tells = await client.ReadAsync() is { } answer && answer.Type == type && answer.Reason >= ReasonCode.UnspecifiedError;
        run.Note($"tells the reason of an error in {type.ToString().ToUpperInvariant()}", tells ? "yes" : "no");
        if (tells)
        {
            await client.ExpectEndAsync();
        }
    }
}
