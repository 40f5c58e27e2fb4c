using System.Buffers.Binary;
using System.Text;
using Starling.Protocol.Loops;
using Starling.Transports.Tests.Sockets;

namespace Starling.Transports.Tests.Streams;

public sealed class WebSocketTests
{
    private const byte BinaryFrame = 0x82;
    private const byte TextFrame = 0x81;
    private const byte PingFrame = 0x89;
    private const int PongFrame = 0x8A;

    [Theory]
    [InlineData("HTTP/1.1 403 Forbidden\r\n\r\n", "with 403 Forbidden instead of 101")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: http://other/\r\n\r\n", "302 Found, Location http://other/")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "200 OK instead of 101")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\n\r\n", "does not belong to it")]
    [InlineData("* OK IMAP4 ready\r\n\r\n", "does not speak HTTP")]
    [InlineData("", "closed the connection instead of answering")]
    [InlineData("HTTP/1.1 101 Sw", "closed the connection within its answer")]
    public async Task An_answer_that_is_not_101_is_told_in_one_line(string answer, string message) => await AssertRefusedAsync(_ => answer, message);

    [Theory]
    [InlineData("mqtt", "amqp", "chose the sub-protocol 'amqp' instead of 'mqtt'")]
    [InlineData("Sec-WebSocket-Protocol: mqtt\r\n", "", "chose no sub-protocol instead of 'mqtt'")]
    [InlineData("\r\n\r\n", "\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n", "the extension 'permessage-deflate'")]
    [InlineData("accept: ", "accept: A", "does not belong to it")]
    public async Task An_answer_that_breaks_the_handshake_is_told_in_one_line(string part, string instead, string message) =>
        await AssertRefusedAsync(server => server.Answer().Replace(part, instead, StringComparison.Ordinal), message);

    [Fact]
    public async Task An_answer_without_end_is_not_read_for_ever() =>
        await AssertRefusedAsync(_ => "HTTP/1.1 101 x\r\nX: " + new string('x', 20_000), "longer than 16384 bytes");

    [Fact, Statement("MQTT-6.0.0-3"), Statement("MQTT311-6.0.0-3")]
    public async Task The_request_offers_mqtt_at_the_path_and_query_of_the_address()
    {
        await using StreamHarness harness = new(StreamKind.WebSocket);

        await harness.ConnectAsync();

        Assert.StartsWith("GET /mqtt?a=b HTTP/1.1\r\nHost: localhost:7\r\n", harness.Server.Request, StringComparison.Ordinal);
        Assert.Contains("\r\nSec-WebSocket-Protocol: mqtt\r\n", harness.Server.Request, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ws://[::1]:7/", "[::1]:7"), InlineData("ws://[fe80::2%25eth0]/", "[fe80::2]"), InlineData("ws://127.0.0.1/", "127.0.0.1")]
    [InlineData("ws://b\u00FCcher.example:81/", "xn--bcher-kva.example:81")]
    public async Task The_request_names_the_host_as_HTTP_writes_it(string address, string host)
    {
        await using StreamHarness harness = new(StreamKind.WebSocket);

        await harness.ConnectAsync(harness.Server.Target(address: address));

        Assert.Contains($"\r\nHost: {host}\r\n", harness.Server.Request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_request_can_be_changed_but_for_what_makes_it_a_handshake()
    {
        await using StreamHarness harness = new(StreamKind.WebSocket);

        await harness.ConnectAsync(harness.Server.Target(request: request =>
        {
            request.RequestUri = new Uri("ws://x/other?c=d");
            request.Headers.Host = "front.example";
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer token");
            request.Headers.TryAddWithoutValidation("Sec-WebSocket-Protocol", "amqp");
            return ValueTask.CompletedTask;
        }));

        Assert.StartsWith("GET /other?c=d HTTP/1.1\r\nHost: front.example\r\n", harness.Server.Request, StringComparison.Ordinal);
        Assert.Contains("\r\nAuthorization: Bearer token\r\n", harness.Server.Request, StringComparison.Ordinal);
        Assert.DoesNotContain("amqp", harness.Server.Request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_of_who_changes_the_request_ends_the_connect()
    {
        await using StreamHarness harness = new(StreamKind.WebSocket);
        ConnectTarget target = harness.Server.Target(request: _ => throw new InvalidOperationException("no token"));

        Exception? fault = await Record.ExceptionAsync(async () => await harness.Group.ConnectAsync(0, target, default, TestContext.Current.CancellationToken));

        Assert.Equal("no token", Assert.IsType<InvalidOperationException>(fault).Message);
    }

    [Fact, Statement("MQTT-6.0.0-2"), Statement("MQTT311-6.0.0-2")]
    public async Task Frames_and_packets_need_not_line_up()
    {
        await using StreamHarness harness = new(StreamKind.WebSocket);
        (Stream raw, _) = await ConnectRawAsync(harness);
        byte[] sent = Harness.Pattern(700);

        List<byte> frames = [];
        for (int i = 0; i < 500; i++)
        {
            frames.AddRange(Frame(BinaryFrame, sent.AsSpan(i, 1)));
        }

        frames.AddRange(Frame(BinaryFrame, []));
        frames.AddRange(Frame(BinaryFrame, sent.AsSpan(500)));
        await raw.WriteAsync(frames.ToArray(), TestContext.Current.CancellationToken);

        List<byte> echo = [];
        while (echo.Count < sent.Length)
        {
            (int kind, byte[] payload) = await ReadFrameAsync(raw);
            Assert.Equal(BinaryFrame, kind);
            echo.AddRange(payload);
        }

        Assert.Equal(sent, echo);
    }

    [Fact]
    public async Task Frames_that_come_together_with_the_answer_are_read()
    {
        await using StreamHarness harness = new(StreamKind.WebSocket);

        (Stream raw, _) = await ConnectRawAsync(harness, Frame(BinaryFrame, [1, 2, 3]));

        Assert.Equal([1, 2, 3], (await ReadFrameAsync(raw)).Payload);
    }

    [Fact, Statement("MQTT-6.0.0-1"), Statement("MQTT311-6.0.0-1")]
    public async Task A_text_frame_ends_the_connection_and_is_named()
    {
        await using StreamHarness harness = new(StreamKind.WebSocket);
        TransportException? fault = null;
        (Stream raw, TestConnection connection) = await ConnectRawAsync(harness, broke: known => Volatile.Write(ref fault, known));

        await raw.WriteAsync(Frame(TextFrame, "no"u8), TestContext.Current.CancellationToken);

        Assert.Equal(ConnectionEnd.Failed, await connection.Closing.Task.WaitAsync(Harness.Patience, TestContext.Current.CancellationToken));
        Assert.Contains("text frame", Volatile.Read(ref fault)?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ping_is_answered()
    {
        await using StreamHarness harness = new(StreamKind.WebSocket);
        (Stream raw, _) = await ConnectRawAsync(harness);

        await raw.WriteAsync(Frame(PingFrame, [9, 8]), TestContext.Current.CancellationToken);

        (int kind, byte[] payload) = await ReadFrameAsync(raw);
        Assert.Equal(PongFrame, kind);
        Assert.Equal([9, 8], payload);
    }

    [Fact]
    public async Task A_close_says_good_bye_at_every_layer()
    {
        await using StreamHarness harness = new(StreamKind.WebSocket);
        (Stream raw, TestConnection connection) = await ConnectRawAsync(harness);

        harness.Client.Send(connection.Output.Close);

        (int kind, byte[] payload) = await ReadFrameAsync(raw);
        Assert.Equal((0x88, 1000), (kind, BinaryPrimitives.ReadUInt16BigEndian(payload)));
    }

    private static async Task AssertRefusedAsync(Func<StreamServer, string> answer, string message)
    {
        await using StreamHarness harness = new(StreamKind.WebSocket);
        Task<TransportException> failing = harness.FailAsync(harness.Server.Target());
        Stream peer = await harness.Server.AcceptPlainAsync();
        await harness.Server.ReadRequestAsync(peer);
        await peer.WriteAsync(Encoding.ASCII.GetBytes(answer(harness.Server)), TestContext.Current.CancellationToken);
        await peer.DisposeAsync();

        TransportException fault = await failing;
        Assert.Equal(TransportStage.WebSocket, fault.Stage);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    /// <summary>A connection whose far end is the bytes of the frames themselves.</summary>
    private static async Task<(Stream Raw, TestConnection Connection)> ConnectRawAsync(
        StreamHarness harness, byte[]? together = null, Action<TransportException>? broke = null)
    {
        Task connecting = harness.Group.ConnectAsync(0, harness.Server.Target(broke: broke), default, TestContext.Current.CancellationToken).AsTask();
        Stream raw = await harness.Server.AcceptPlainAsync();
        await harness.Server.ReadRequestAsync(raw);
        await raw.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(harness.Server.Answer()), .. together ?? []], TestContext.Current.CancellationToken);
        await connecting;
        return (raw, harness.Client.Attached.Last());
    }

    private static byte[] Frame(byte kind, ReadOnlySpan<byte> payload) => payload.Length < 126
        ? [kind, (byte)payload.Length, .. payload]
        : [kind, 126, (byte)(payload.Length >> 8), (byte)payload.Length, .. payload];

    /// <summary>A frame of the client, which must be masked.</summary>
    private static async Task<(int Kind, byte[] Payload)> ReadFrameAsync(Stream raw)
    {
        byte[] head = await ReadAsync(raw, 2);
        Assert.Equal(0x80, head[1] & 0x80);
        int length = head[1] & 0x7F;
        length = length == 126 ? BinaryPrimitives.ReadUInt16BigEndian(await ReadAsync(raw, 2)) : length;
        byte[] mask = await ReadAsync(raw, 4);
        byte[] payload = await ReadAsync(raw, length);
        for (int i = 0; i < length; i++)
        {
            payload[i] ^= mask[i % 4];
        }

        return (head[0], payload);
    }

    private static async Task<byte[]> ReadAsync(Stream raw, int length)
    {
        using CancellationTokenSource timeout = new(Harness.Patience);
        byte[] bytes = new byte[length];
        await raw.ReadExactlyAsync(bytes, timeout.Token);
        return bytes;
    }
}
