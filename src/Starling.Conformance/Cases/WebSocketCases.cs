using System.Net.WebSockets;
using Starling.Conformance.Running;
using Starling.Conformance.Targets;
using Starling.Conformance.Wire;
using Starling.Protocol;

namespace Starling.Conformance.Cases;

/// <summary>MQTT over WebSocket (chapter 6); tried when the target is a ws:// URL.</summary>
internal static class WebSocketCases
{
    private const string NoWebSocket = "the target is no WebSocket; give its ws:// URL to test this";

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("A text frame ends the connection", ["MQTT-6.0.0-1", "MQTT311-6.0.0-1"], TextFrameAsync),
        new("A text frame ends the connection of a client that was accepted", ["MQTT-6.0.0-1", "MQTT311-6.0.0-1"], LateTextFrameAsync),
        new("The server sends binary frames only", ["MQTT-6.0.0-1", "MQTT311-6.0.0-1"], BinaryAsync),
        new("A frame may hold one byte of a packet", ["MQTT-6.0.0-2", "MQTT311-6.0.0-2"], BytePerFrameAsync),
        new("A frame may hold several packets", ["MQTT-6.0.0-2", "MQTT311-6.0.0-2"], ManyPacketsAsync),
        new("A message of several frames may hold one packet", ["MQTT-6.0.0-2", "MQTT311-6.0.0-2"], ContinuationAsync),
        new("A client without the subprotocol may be refused", ["MQTT-6.0.0-3", "MQTT311-6.0.0-3"], WithoutSubprotocolAsync),
        new("The server selects the subprotocol mqtt", ["MQTT-6.0.0-4", "MQTT311-6.0.0-4"], SubprotocolAsync),
    ];

    private static async Task TextFrameAsync(CaseRun run)
    {
        (WireClient client, WebSocketByteStream stream) = await OpenAsync(run);
        byte[] connect = PacketBytes.Connect(run.NewConnect());
        await stream.SendFrameAsync(connect, WebSocketMessageType.Text, isLast: true, run.Cancellation);
        await client.ExpectEndAsync(ReasonCode.MalformedPacket, ReasonCode.ProtocolError, ReasonCode.UnspecifiedError);
    }

    private static async Task LateTextFrameAsync(CaseRun run)
    {
        (WireClient client, WebSocketByteStream stream) = await OpenAsync(run);
        await client.SendConnectAsync(run.NewConnect());
        await ExpectAcceptedAsync(run, client);
        await stream.SendFrameAsync(PacketBytes.PingReq, WebSocketMessageType.Text, isLast: true, run.Cancellation);
        await client.ExpectEndAsync(ReasonCode.MalformedPacket, ReasonCode.ProtocolError, ReasonCode.UnspecifiedError);
    }

    private static async Task BinaryAsync(CaseRun run)
    {
        (WireClient client, WebSocketByteStream stream) = await OpenAsync(run);
        await client.SendConnectAsync(run.NewConnect());
        await ExpectAcceptedAsync(run, client);
        string topic = run.NewTopic();
        await client.SubscribeAsync((topic, 0));
        await client.PublishAsync(topic, "text");
        await client.ReceiveAsync();
        await client.PingAsync();
        run.Require(!stream.HasTextCome, "binary frames were due; there came a text frame");
    }

    private static async Task BytePerFrameAsync(CaseRun run)
    {
        (WireClient client, WebSocketByteStream stream) = await OpenAsync(run);
        foreach (byte value in PacketBytes.Connect(run.NewConnect()))
        {
            await stream.SendAsync(new[] { value }, run.Cancellation);
        }

        await ExpectAcceptedAsync(run, client);
    }

    private static async Task ManyPacketsAsync(CaseRun run)
    {
        (WireClient client, WebSocketByteStream stream) = await OpenAsync(run);
        byte[] packets = [.. PacketBytes.Connect(run.NewConnect()), .. PacketBytes.PingReq, .. PacketBytes.PingReq];
        await stream.SendAsync(packets, run.Cancellation);
        await ExpectAcceptedAsync(run, client);
        await client.ExpectAsync(PacketType.PingResp);
        await client.ExpectAsync(PacketType.PingResp);
    }

    private static async Task ContinuationAsync(CaseRun run)
    {
        (WireClient client, WebSocketByteStream stream) = await OpenAsync(run);
        byte[] connect = PacketBytes.Connect(run.NewConnect());
        await stream.SendFrameAsync(connect.AsMemory(0, 5), WebSocketMessageType.Binary, isLast: false, run.Cancellation);
        await stream.SendFrameAsync(connect.AsMemory(5), WebSocketMessageType.Binary, isLast: true, run.Cancellation);
        await ExpectAcceptedAsync(run, client);
    }

    private static async Task WithoutSubprotocolAsync(CaseRun run)
    {
        WebSocketByteStream? stream = await TargetOf(run).OpenAsync(null, run.Cancellation);
        run.Note("a WebSocket without the subprotocol mqtt", stream is null ? "is refused" : "is accepted");
        if (stream is not null)
        {
            run.Require(
                stream.Subprotocol is null, $"nothing was offered, so nothing can be selected; the server selects {stream.Subprotocol}");
            await stream.DisposeAsync();
        }
    }

    private static async Task SubprotocolAsync(CaseRun run)
    {
        (_, WebSocketByteStream stream) = await OpenAsync(run);
        run.RequireEqual(WebSocketTarget.Subprotocol, stream.Subprotocol, "the selected subprotocol");
    }

    private static async Task ExpectAcceptedAsync(CaseRun run, WireClient client)
    {
        WirePacket connAck = await client.ExpectAsync(PacketType.ConnAck);
        run.RequireEqual(ReasonCode.Success, connAck.Reason, "the code of CONNACK");
    }

    private static WebSocketTarget TargetOf(CaseRun run) => run.Target as WebSocketTarget ?? throw new CaseSkippedException(NoWebSocket);

    private static async Task<(WireClient Client, WebSocketByteStream Stream)> OpenAsync(CaseRun run)
    {
        IByteStream stream = await TargetOf(run).OpenAsync(run.Cancellation);
        return (run.Wrap(stream), (WebSocketByteStream)stream);
    }
}
