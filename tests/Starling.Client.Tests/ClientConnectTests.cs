using System.Net.Sockets;
using System.Text;
using Starling.Protocol;

namespace Starling.Client.Tests;

public sealed class ClientConnectTests : IDisposable
{
    private readonly ScriptedTransport _transport = new();

    public void Dispose() => _transport.Dispose();

    [Theory]
    [InlineData(false), InlineData(true)]
    public void Disconnecting_what_is_disposed_does_nothing(bool wasConnected)
    {
        MqttClient client = wasConnected ? _transport.Connected() : _transport.Client();
        _transport.Pump(client.DisposeAsync().AsTask());

        _transport.Pump(client.DisconnectAsync().AsTask());

        Assert.Equal(ConnectionState.Closed, client.State);
    }

    [Fact]
    public void Connecting_tells_what_the_server_said()
    {
        _transport.Server.ConnAck = "20 0E 00 00 0B 120001 78 210007 1A0001 79";
        MqttClient client = _transport.Client();

        ServerInfo server = _transport.Pump(client.ConnectAsync().AsTask());

        Assert.Equal(("x", (ushort)7, "y", MqttVersion.V5, false), (server.ClientId, server.ReceiveMaximum, server.ResponseInformation, server.Version, server.SessionPresent));
        Assert.Equal((server, ConnectionState.Connected), (client.Server, client.State));
    }

    [Fact]
    public void The_will_and_the_credentials_are_in_CONNECT()
    {
        _transport.Connected(options =>
        {
            options.Credentials = new MqttPassword("u", "p");
            options.Will = new MqttMessage { Topic = "w", Payload = "bye"u8.ToArray(), Retain = true, ContentType = "t" };
            options.WillDelay = TimeSpan.FromSeconds(3);
        });

        string connect = Assert.Single(_transport.Server.Of(PacketType.Connect));
        Assert.EndsWith("000163" + "09" + "1800000003" + "03000174" + "000177" + "0003627965" + "000175" + "000170", connect, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_client_identifier_one_is_made_and_the_session_ends_with_the_connection()
    {
        MqttClient client = _transport.Connected(options => options.ClientId = null);

        Assert.Equal(20, client.Server?.ClientId.Length);
        Assert.DoesNotContain("1100000E10", Assert.Single(_transport.Server.Of(PacketType.Connect)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_refusal_throws_with_the_code_of_CONNACK()
    {
        _transport.Server.ConnAck = "20 03 00 87 00";
        MqttClient client = _transport.Client();

        MqttRejectedException refusal = Assert.Throws<MqttRejectedException>(() => _transport.Pump(client.ConnectAsync().AsTask()));

        Assert.Equal((PacketType.ConnAck, ReasonCode.NotAuthorized, ConnectionState.Faulted), (refusal.Packet, refusal.Reason, client.State));
    }

    [Theory]
    [InlineData(SocketError.HostNotFound, ConnectStage.Dns), InlineData(SocketError.ConnectionRefused, ConnectStage.Tcp)]
    public void A_failed_first_connect_names_its_stage_and_may_be_tried_again(SocketError error, ConnectStage stage)
    {
        _transport.ConnectFault = new SocketException((int)error);
        MqttClient client = _transport.Client();

        MqttConnectException fault = Assert.Throws<MqttConnectException>(() => _transport.Pump(client.ConnectAsync().AsTask()));
        Assert.Equal((stage, ConnectionState.Idle), (fault.Stage, client.State));
        _transport.ConnectFault = null;

        _transport.Pump(client.ConnectAsync().AsTask());
        Assert.Equal(ConnectionState.Connected, client.State);
    }

    [Fact]
    public void A_connector_that_fails_in_a_way_of_its_own_fails_the_connect()
    {
        _transport.ConnectFault = new InvalidOperationException("odd");
        MqttClient client = _transport.Client();

        MqttConnectException fault = Assert.Throws<MqttConnectException>(() => _transport.Pump(client.ConnectAsync().AsTask()));

        Assert.Same(_transport.ConnectFault, fault.InnerException);
    }

    [Fact]
    public void Every_connect_that_was_asked_for_fails_fast()
    {
        MqttClient client = _transport.Connected();
        _transport.Pump(client.DisconnectAsync().AsTask());
        _transport.ConnectFault = new SocketException((int)SocketError.ConnectionRefused);

        Assert.Throws<MqttConnectException>(() => _transport.Pump(client.ConnectAsync().AsTask()));
    }

    [Fact]
    public void After_giving_up_a_client_can_begin_anew_without_its_old_subscriptions()
    {
        MqttClient client = _transport.Connected(options => options.Reconnect.Enabled = false);
        _transport.Pump(client.SubscribeAsync("a").AsTask());
        _transport.Cut();
        _transport.PumpUntil(() => client.State == ConnectionState.Faulted);

        _transport.Pump(client.ConnectAsync().AsTask());
        _transport.Pump(client.PublishAsync(new MqttMessage { Topic = "b" }).AsTask());

        Assert.Single(_transport.Server.Of(PacketType.Subscribe));
    }

    [Fact]
    public void A_server_that_does_not_answer_CONNECT_is_given_up_in_time()
    {
        _transport.Server.ConnAck = null;
        MqttClient client = _transport.Client(options => options.ConnectTimeout = TimeSpan.FromMilliseconds(50));

        MqttConnectException fault = Assert.Throws<MqttConnectException>(() => _transport.Pump(client.ConnectAsync().AsTask()));

        Assert.Equal(ConnectStage.Connack, fault.Stage);
    }

    [Fact]
    public void A_first_connect_that_retries_for_ever_outlasts_failures()
    {
        _transport.ConnectFault = new SocketException((int)SocketError.ConnectionRefused);
        MqttClient client = _transport.Client(options => options.InitialConnect = InitialConnect.RetryForever);
        int failures = 0;
        client.ConnectionChanged += (_, change) => failures += change.Cause is null ? 0 : 1;
        Task<ServerInfo> connect = client.ConnectAsync().AsTask();

        _transport.PumpUntil(() => Volatile.Read(ref failures) >= 3);
        _transport.ConnectFault = null;

        _transport.Pump(connect);
    }

    [Theory]
    [InlineData("20 03 00 84 00"), InlineData("20 02 00 01")]
    public void A_server_that_does_not_know_5_0_is_tried_with_3_1_1_at_once(string refusal)
    {
        _transport.Server.ConnAcks.Enqueue(refusal);
        _transport.Server.ConnAck = "20 02 00 00";

        MqttClient client = _transport.Connected();

        Assert.Equal(MqttVersion.V311, client.Server?.Version);
    }

    [Fact]
    public void Without_fallback_an_unknown_version_is_a_refusal()
    {
        _transport.Server.ConnAck = "20 03 00 84 00";
        MqttClient client = _transport.Client(options => options.VersionFallback = false);

        Assert.Equal(ReasonCode.UnsupportedProtocolVersion, Assert.Throws<MqttRejectedException>(() => _transport.Pump(client.ConnectAsync().AsTask())).Reason);
    }

    [Fact]
    public void A_lost_connection_comes_back_and_every_change_is_told_in_order()
    {
        List<ConnectionState> states = [];
        MqttClient client = _transport.Client();
        client.ConnectionChanged += (_, change) =>
        {
            lock (states)
            {
                states.Add(change.State);
            }
        };
        _transport.Pump(client.ConnectAsync().AsTask());

        _transport.Cut();
        _transport.PumpUntil(() => _transport.Connections == 2 && client.State == ConnectionState.Connected);
        _transport.Pump(client.DisconnectAsync().AsTask());

        _transport.PumpUntil(() => Count(states) == 5);
        Assert.Equal([ConnectionState.Connecting, ConnectionState.Connected, ConnectionState.Reconnecting, ConnectionState.Connected, ConnectionState.Idle], states);
    }

    [Fact]
    public void The_delay_before_the_next_attempt_is_a_random_part_of_a_growing_bound()
    {
        List<TimeSpan> delays = [];
        _transport.ConnectFault = new SocketException((int)SocketError.ConnectionRefused);
        MqttClient client = _transport.Client(options =>
        {
            options.InitialConnect = InitialConnect.RetryForever;
            options.Reconnect.MaxDelay = TimeSpan.FromMilliseconds(8);
        });
        client.ConnectionChanged += (_, change) =>
        {
            lock (delays)
            {
                delays.AddRange(change.NextAttempt is { } delay ? [delay] : []);
            }
        };
        Task<ServerInfo> connect = client.ConnectAsync().AsTask();
        _transport.PumpUntil(() => Count(delays) >= 6);
        _transport.ConnectFault = null;
        _transport.Pump(connect);

        Random random = new(1);
        double[] bounds = [1, 2, 4, 8, 8, 8];
        Assert.Equal(bounds.Select(bound => TimeSpan.FromMilliseconds(random.NextDouble() * bound)), delays.Take(6));
    }

    [Theory]
    [InlineData("E0 01 8E", ReasonCode.SessionTakenOver), InlineData("E0 01 98", null)]
    public void A_takeover_is_final_and_other_goodbyes_of_the_server_are_not(string disconnect, ReasonCode? final)
    {
        MqttClient client = _transport.Connected();

        _transport.ServerSends(disconnect);
        _transport.PumpUntil(() => client.State == ConnectionState.Faulted || _transport.Connections == 2);

        Assert.Equal(final is null ? 2 : 1, _transport.Connections);
        if (final is not null)
        {
            MqttNotConnectedException fault = Assert.Throws<MqttNotConnectedException>(
                () => _transport.Pump(client.PublishAsync(new MqttMessage { Topic = "a" }).AsTask()));
            Assert.Equal(final, fault.Reason);
        }
    }

    [Fact]
    public void Without_reconnecting_a_lost_connection_fails_what_waits()
    {
        _transport.Server.Silent.Add(PacketType.Publish);
        MqttClient client = _transport.Connected(options => options.Reconnect.Enabled = false);
        MqttSubscription subscription = _transport.Pump(client.SubscribeAsync("a").AsTask());
        Task<PublishResult> publish = client.PublishAsync(new MqttMessage { Topic = "a" }).AsTask();
        _transport.PumpUntil(() => _transport.Server.Of(PacketType.Publish).Length == 1);

        _transport.Cut();

        Assert.Throws<MqttDisconnectedException>(() => _transport.Pump(publish));
        Assert.Throws<MqttDisconnectedException>(() => _transport.Pump(subscription.ReadAsync().AsTask()));
        Assert.Equal(ConnectionState.Faulted, client.State);
    }

    [Fact]
    public void A_server_that_breaks_a_rule_is_told_and_named()
    {
        MqttException? cause = null;
        MqttClient client = _transport.Connected();
        client.ConnectionChanged += (_, change) => cause ??= change.Cause;

        _transport.ServerSends("30 05 0000 00 7879");
        _transport.PumpUntil(() => Volatile.Read(ref cause) is not null);

        Assert.Equal("U5-20", Assert.IsType<MqttProtocolException>(cause).Statement);
        Assert.Equal("E00182", Assert.Single(_transport.Server.Of(PacketType.Disconnect)));
    }

    [Fact]
    public void Silence_is_broken_by_PINGREQ()
    {
        _transport.Connected();

        _transport.Pass(TimeSpan.FromSeconds(60));

        Assert.Single(_transport.Server.Of(PacketType.PingReq));
    }

    [Fact]
    public void Disconnecting_sends_what_was_published_before_and_then_DISCONNECT()
    {
        MqttClient client = _transport.Connected();
        _ = client.PublishAsync(new MqttMessage { Topic = "a", Qos = QualityOfService.AtMostOnce }).AsTask();

        _transport.Pump(client.DisconnectAsync(new DisconnectOptions { Reason = ReasonCode.DisconnectWithWill }).AsTask());

        Assert.Equal(["300400016100", "E00104"], _transport.Server.Received[^2..]);
        Assert.Equal(ConnectionState.Idle, client.State);
    }

    [Fact]
    public void Disposing_waits_for_open_exchanges_says_goodbye_and_fails_the_rest()
    {
        _transport.Server.Silent.Add(PacketType.Publish);
        MqttClient client = _transport.Connected();
        Task<PublishResult> publish = client.PublishAsync(new MqttMessage { Topic = "a" }).AsTask();
        MqttSubscription subscription = _transport.Pump(client.SubscribeAsync("a").AsTask());

        _transport.Pump(client.DisposeAsync().AsTask());

        Assert.Throws<MqttNotConnectedException>(() => _transport.Pump(publish));
        Assert.Throws<MqttNotConnectedException>(() => _transport.Pump(subscription.ReadAsync().AsTask()));
        Assert.Equal("E000", _transport.Server.Received[^1]);
        Assert.Equal(ConnectionState.Closed, client.State);
        Assert.Throws<ObjectDisposedException>(() => client.Subscribe("a"));
    }

    [Fact]
    public void An_enhanced_authentication_goes_on_until_CONNACK_and_can_be_repeated()
    {
        _transport.Server.ConnAck = "F0 0A 18 08 1500016D 16000171";
        _transport.Server.Answers[PacketType.Auth] = "20 07 00 00 04 1500016D";
        MqttClient client = _transport.Connected(options => options.Authentication = new Echo());
        _transport.Server.Answers[PacketType.Auth] = "F0 06 00 04 1500016D";

        _transport.Pump(client.ReauthenticateAsync().AsTask());

        Assert.Equal(["F00A18081500016D16000171", "F00A19081500016D16000173"], _transport.Server.Of(PacketType.Auth));
    }

    [Fact]
    public void A_second_re_authentication_waits_for_the_end_of_the_first()
    {
        _transport.Server.ConnAck = "F0 0A 18 08 1500016D 16000171";
        _transport.Server.Answers[PacketType.Auth] = "20 07 00 00 04 1500016D";
        MqttClient client = _transport.Connected(options => options.Authentication = new Echo());
        _transport.Server.Silent.Add(PacketType.Auth);
        Task first = client.ReauthenticateAsync().AsTask();

        Assert.Throws<InvalidOperationException>(() => _transport.Pump(client.ReauthenticateAsync().AsTask()));

        Assert.False(first.IsCompleted);
        Assert.Equal(["F00A18081500016D16000171", "F00A19081500016D16000173"], _transport.Server.Of(PacketType.Auth));
    }

    private static int Count<T>(List<T> items)
    {
        lock (items)
        {
            return items.Count;
        }
    }

    private sealed class Echo : IEnhancedAuthentication
    {
        public string Method => "m";

        public ValueTask<ReadOnlyMemory<byte>> StartAsync(CancellationToken ct) => ValueTask.FromResult<ReadOnlyMemory<byte>>(Encoding.UTF8.GetBytes("s"));

        public ValueTask<ReadOnlyMemory<byte>> ContinueAsync(ReadOnlyMemory<byte> challenge, CancellationToken ct) => ValueTask.FromResult(challenge);
    }
}
