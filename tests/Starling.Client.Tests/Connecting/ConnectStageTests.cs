using System.Net.Sockets;
using System.Net.WebSockets;
using Microsoft.Extensions.Time.Testing;

namespace Starling.Client.Tests.Connecting;

/// <summary>Each way to fail, hang and be given up, at each stage of each scheme, on sockets.</summary>
public sealed class ConnectStageTests
{
    public static TheoryData<string, ConnectStage> AllStages => new()
    {
        { "mqtt", ConnectStage.Connack }, { "unix", ConnectStage.Connack }, { "mqtts", ConnectStage.Tls }, { "mqtts", ConnectStage.Connack },
        { "ws", ConnectStage.WebSocket }, { "ws", ConnectStage.Connack },
        { "wss", ConnectStage.Tls }, { "wss", ConnectStage.WebSocket }, { "wss", ConnectStage.Connack },
    };

    public static TheoryData<string> AllSchemes => ["mqtt", "mqtts", "ws", "wss", "unix"];

    [Theory, MemberData(nameof(AllStages))]
    public async Task A_server_that_hangs_is_given_up_in_time_and_the_stage_is_named(string scheme, ConnectStage stage)
    {
        using StageServer server = new(scheme);
        MqttClientOptions options = server.Options();
        FakeTimeProvider time = new();
        options.TimeProvider = time;
        await using MqttClient client = new(options);
        Task<ServerInfo> connecting = client.ConnectAsync().AsTask();
        Stream peer = await server.AcceptAsync(stage);
        if (stage == ConnectStage.Connack)
        {
            // The client has come to the last stage when CONNECT is here.
            await StageServer.ReadPacketAsync(peer);
        }

        MqttConnectException fault = await FailAsync(connecting, () => time.Advance(TimeSpan.FromSeconds(1)));

        Assert.Equal(stage, fault.Stage);
        Assert.Contains("did not answer within 60 s", fault.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(AllStages))]
    public async Task A_server_that_hangs_up_fails_the_stage(string scheme, ConnectStage stage)
    {
        using StageServer server = new(scheme);
        await using MqttClient client = new(server.Options());
        Task<ServerInfo> connecting = client.ConnectAsync().AsTask();
        Stream peer = await server.AcceptAsync(stage);
        await peer.DisposeAsync();

        MqttConnectException fault = await Assert.ThrowsAsync<MqttConnectException>(() => connecting.WaitAsync(StageServer.Patience));

        Assert.Equal((stage, ConnectionState.Idle), (fault.Stage, client.State));
        Assert.NotNull(fault.InnerException);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Theory, MemberData(nameof(AllStages))]
    public async Task A_connect_that_is_cancelled_ends_at_once_and_leaves_nothing_open(string scheme, ConnectStage stage)
    {
        using StageServer server = new(scheme);
        await using MqttClient client = new(server.Options());
        using CancellationTokenSource cancel = new();
        Task<ServerInfo> connecting = client.ConnectAsync(cancel.Token).AsTask();
        Stream peer = await server.AcceptAsync(stage);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting.WaitAsync(StageServer.Patience));
        Assert.Equal(ConnectionState.Idle, client.State);
        await ReadToEndAsync(peer);
        Task<Stream> again = server.AcceptAsync("20 03 00 00 00");
        await client.ConnectAsync(StageServer.Timeout);
        await again;
        Assert.Equal(ConnectionState.Connected, client.State);
    }

    [Theory, MemberData(nameof(AllStages))]
    public async Task A_client_that_is_disposed_while_it_connects_ends_at_once(string scheme, ConnectStage stage)
    {
        using StageServer server = new(scheme);
        MqttClient client = new(server.Options());
        Task<ServerInfo> connecting = client.ConnectAsync().AsTask();
        Stream peer = await server.AcceptAsync(stage);

        await client.DisposeAsync().AsTask().WaitAsync(StageServer.Patience);

        MqttNotConnectedException fault = await Assert.ThrowsAsync<MqttNotConnectedException>(() => connecting.WaitAsync(StageServer.Patience));
        Assert.Contains("while it was connecting", fault.Message, StringComparison.Ordinal);
        await ReadToEndAsync(peer);
    }

    [Theory, MemberData(nameof(AllSchemes))]
    public async Task A_client_works_over_every_scheme(string scheme)
    {
        using StageServer server = new(scheme);
        await using MqttClient client = new(server.Options());
        Task<Stream> accepting = server.AcceptAsync("20 03 00 00 00");
        await client.ConnectAsync(StageServer.Timeout);
        Stream peer = await accepting;

        Task<PublishResult> publish = client.PublishAsync(new MqttMessage { Topic = "a", Payload = "x"u8.ToArray() }).AsTask();
        Assert.Equal("3207000161000100" + "78", await StageServer.ReadPacketAsync(peer));
        await peer.WriteAsync(ScriptedServer.Bytes("40 02 0001"), StageServer.Timeout);

        Assert.Equal(PublishStatus.Acknowledged, (await publish.WaitAsync(StageServer.Patience)).Status);
        Task disconnecting = client.DisconnectAsync().AsTask();
        Assert.Equal("E000", await StageServer.ReadPacketAsync(peer));
        await peer.DisposeAsync();
        await disconnecting.WaitAsync(StageServer.Patience);
        Assert.Equal(server.Address, client.Server?.Address);
    }

    [Fact]
    public async Task A_name_that_is_not_known_fails_in_its_stage()
    {
        MqttClientOptions options = new();
        options.Servers.Add(new Uri($"mqtts://{new string('a', 64)}"));
        await using MqttClient client = new(options);

        MqttConnectException fault = await Assert.ThrowsAsync<MqttConnectException>(() => client.ConnectAsync(StageServer.Timeout).AsTask());

        Assert.Equal(ConnectStage.Dns, fault.Stage);
        Assert.IsType<SocketException>(fault.InnerException);
    }

    [Theory, MemberData(nameof(AllSchemes))]
    public async Task A_server_that_is_not_there_fails_in_Tcp(string scheme)
    {
        StageServer server = new(scheme);
        MqttClientOptions options = server.Options();
        await using MqttClient client = new(options);
        server.Dispose();
        using TestAuthority again = new();
        options.Tls.CaFile = again.RootFile;
        await using MqttClient later = new(options);

        MqttConnectException fault = await Assert.ThrowsAsync<MqttConnectException>(() => later.ConnectAsync(StageServer.Timeout).AsTask());

        Assert.Equal(ConnectStage.Tcp, fault.Stage);
        Assert.Contains("cannot be reached", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_next_server_is_tried_when_the_first_cannot_be_reached()
    {
        StageServer gone = new("ws");
        using StageServer server = new("mqtts");
        MqttClientOptions options = server.Options();
        options.Servers.Insert(0, gone.Address);
        gone.Dispose();
        options.Reconnect.FirstDelay = TimeSpan.FromMilliseconds(1);
        await using MqttClient client = new(options);
        Task<Stream> accepting = server.AcceptAsync("20 03 00 00 00");

        ServerInfo info = await client.ConnectAsync(StageServer.Timeout);

        await accepting;
        Assert.Equal(server.Address, info.Address);
    }

    [Fact]
    public async Task A_certificate_that_is_not_trusted_is_told_with_its_stage_and_line()
    {
        using StageServer server = new("mqtts");
        using TestAuthority other = new("Other authority");
        MqttClientOptions options = server.Options();
        options.Tls.CaFile = other.RootFile;
        await using MqttClient client = new(options);
        Task<Exception?> accepting = Record.ExceptionAsync(async () => await server.AcceptAsync(ConnectStage.Connack)).AsTask();

        MqttConnectException fault = await Assert.ThrowsAsync<MqttConnectException>(() => client.ConnectAsync(StageServer.Timeout).AsTask());

        await accepting;
        Assert.Equal(ConnectStage.Tls, fault.Stage);
        Assert.StartsWith($"TLS with 127.0.0.1:{server.Address.Port} failed: its certificate is issued by 'CN=Test authority'", fault.Message, StringComparison.Ordinal);
    }

    private static async Task<MqttConnectException> FailAsync(Task connecting, Action pass)
    {
        CancellationToken limit = StageServer.Timeout;
        using PeriodicTimer ticks = new(TimeSpan.FromMilliseconds(5));
        for (int i = 0; i < StageServer.Patience.TotalMilliseconds && !connecting.IsCompleted; i++)
        {
            pass();
            await ticks.WaitForNextTickAsync(limit);
        }

        return await Assert.ThrowsAsync<MqttConnectException>(() => connecting);
    }

    private static async Task ReadToEndAsync(Stream peer)
    {
        byte[] buffer = new byte[4096];
        CancellationToken limit = StageServer.Timeout;
        try
        {
            while (await peer.ReadAsync(buffer, limit) > 0)
            {
            }
        }
        catch (Exception fault) when (fault is IOException or WebSocketException)
        {
            // A reset is an end, too.
        }
    }
}
