using System.Globalization;
using System.Text;
using Starling.Protocol;

namespace Starling.Client.Tests.Connecting;

/// <summary>Which server is next, and when there is no next.</summary>
public sealed class ServerRotationTests : IDisposable
{
    private const string Accepted = "20 03 00 00 00";

    private readonly ScriptedTransport _transport = new();

    public void Dispose() => _transport.Dispose();

    [Theory, InlineData(0x9C, "other:1884"), InlineData(0x9D, "other:1884"), InlineData(0x9C, "x://y mqtt://other:1884"), InlineData(0x9C, "mqtts://other,other:1884")]
    public void A_server_that_CONNACK_refers_to_is_tried_at_once(int code, string reference)
    {
        _transport.Server.ConnAcks.Enqueue(ConnAck(code, reference));

        MqttClient client = _transport.Connected();

        Assert.Equal([new Uri("mqtt://server"), new Uri("mqtt://other:1884")], _transport.Addresses);
        Assert.Equal("other", client.Server?.Address.Host);
    }

    [Fact]
    public void A_reference_is_followed_once()
    {
        _transport.Server.ConnAck = ConnAck(0x9C, "other");
        MqttClient client = _transport.Client();

        MqttRejectedException refusal = Assert.Throws<MqttRejectedException>(() => _transport.Pump(client.ConnectAsync().AsTask()));

        Assert.Equal((ReasonCode.UseAnotherServer, "other"), (refusal.Reason, refusal.ServerReference));
        Assert.Equal([new Uri("mqtt://server"), new Uri("mqtt://other")], _transport.Addresses);
    }

    [Theory, InlineData("mqtts://other"), InlineData("mqtt://u:p@other"), InlineData(" "), InlineData("::")]
    public void A_reference_that_leads_elsewhere_is_not_followed(string reference)
    {
        _transport.Server.ConnAck = ConnAck(0x9C, reference);
        MqttClient client = _transport.Client();

        Assert.Throws<MqttRejectedException>(() => _transport.Pump(client.ConnectAsync().AsTask()));

        Assert.Single(_transport.Addresses);
    }

    [Fact]
    public void When_the_server_referred_to_fails_those_of_the_options_are_next()
    {
        _transport.Server.ConnAcks.Enqueue(ConnAck(0x9C, "other"));
        _transport.Server.ConnAcks.Enqueue("20 03 00 88 00");

        _transport.Connected(options =>
        {
            options.Servers.Add(new Uri("mqtt://second"));
            options.InitialConnect = InitialConnect.RetryForever;
        });

        Assert.Equal(["server", "other", "second"], _transport.Addresses.Select(address => address.Host));
    }

    [Theory, InlineData(0x9C, "server"), InlineData(0x9D, "other")]
    public void A_server_that_has_moved_is_found_there_from_then_on(int code, string afterwards)
    {
        _transport.Server.ConnAcks.Enqueue(Accepted);
        MqttClient client = _transport.Connected();
        _transport.ServerSends(Disconnect(code, "other"));
        _transport.PumpUntil(() => _transport.Connections == 2 && client.State == ConnectionState.Connected);

        // The other one is lost, and refuses afterwards: then it is the turn of those that are known.
        _transport.Server.ConnAcks.Enqueue("20 03 00 88 00");
        _transport.Cut();
        _transport.PumpUntil(() => _transport.Connections == 4 && client.State == ConnectionState.Connected);

        Assert.Equal(["server", "other", "other", afterwards], _transport.Addresses.Select(address => address.Host));
    }

    [Fact]
    public void Two_servers_that_refer_to_each_other_are_not_asked_without_a_delay()
    {
        List<TimeSpan?> delays = [];
        MqttClient client = _transport.Client();
        client.ConnectionChanged += (_, change) =>
        {
            lock (delays)
            {
                delays.AddRange(change.State == ConnectionState.Reconnecting ? [change.NextAttempt] : []);
            }
        };
        _transport.Pump(client.ConnectAsync().AsTask());
        for (int i = 2; i <= 5; i++)
        {
            _transport.ServerSends(Disconnect(0x9C, i % 2 == 0 ? "other" : "server"));
            _transport.PumpUntil(() => _transport.Connections == i && client.State == ConnectionState.Connected);
        }

        _transport.PumpUntil(() => Count(delays) == 4);
        Assert.Equal([true, false, true, false], delays.Select(delay => delay == TimeSpan.Zero));
    }

    [Theory, InlineData(0x84), InlineData(0x85), InlineData(0x8A), InlineData(0x8C), InlineData(0x86), InlineData(0x87)]
    public void A_refusal_that_would_come_again_ends_a_client_that_retries_for_ever(int code)
    {
        _transport.Server.ConnAck = ConnAck(code, null);
        MqttClient client = _transport.Client(options =>
        {
            options.InitialConnect = InitialConnect.RetryForever;
            options.VersionFallback = false;
            options.Credentials = new MqttPassword("u", "p");
        });

        MqttRejectedException refusal = Assert.Throws<MqttRejectedException>(() => _transport.Pump(client.ConnectAsync().AsTask()));

        Assert.Equal(((ReasonCode)code, ConnectionState.Faulted, 1), (refusal.Reason, client.State, _transport.Connections));
    }

    [Theory, InlineData(0x86), InlineData(0x87)]
    public void Credentials_that_change_are_asked_for_again_after_a_refusal(int code)
    {
        _transport.Server.ConnAcks.Enqueue(ConnAck(code, null));
        Rotating credentials = new();

        MqttClient client = _transport.Connected(options =>
        {
            options.InitialConnect = InitialConnect.RetryForever;
            options.Credentials = credentials;
        });

        Assert.Equal((2, ConnectionState.Connected), (credentials.Asked, client.State));
        Assert.NotEqual(_transport.Server.Of(PacketType.Connect)[0], _transport.Server.Of(PacketType.Connect)[1]);
    }

    [Fact]
    public void A_server_that_knows_5_0_is_spoken_to_in_5_0_though_another_did_not()
    {
        _transport.Server.ConnAcks.Enqueue("20 03 00 84 00");
        _transport.Server.ConnAcks.Enqueue("20 02 00 03");

        MqttClient client = _transport.Connected(options =>
        {
            options.Servers.Add(new Uri("mqtt://second"));
            options.InitialConnect = InitialConnect.RetryForever;
        });

        Assert.Equal(("second", MqttVersion.V5), (client.Server?.Address.Host, client.Server?.Version));
    }

    [Fact]
    public void Who_still_waits_for_a_connect_gets_it_though_another_has_given_up()
    {
        _transport.Server.ConnAck = null;
        MqttClient client = _transport.Client();
        using CancellationTokenSource cancel = new();
        Task<ServerInfo> first = client.ConnectAsync(cancel.Token).AsTask();
        Task<ServerInfo> second = client.ConnectAsync().AsTask();
        _transport.PumpUntil(() => _transport.Server.Of(PacketType.Connect).Length == 1);

        cancel.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => _transport.Pump(first));
        _transport.ServerSends(Accepted);

        Assert.Equal("c", _transport.Pump(second).ClientId);
        Assert.Equal(1, _transport.Connections);
    }

    [Fact]
    public void A_disconnect_in_the_middle_of_a_connect_is_told_as_such()
    {
        _transport.Server.ConnAck = null;
        MqttClient client = _transport.Client();
        Task<ServerInfo> connect = client.ConnectAsync().AsTask();
        _transport.PumpUntil(() => _transport.Server.Of(PacketType.Connect).Length == 1);

        _transport.Pump(client.DisconnectAsync().AsTask());

        Assert.Throws<MqttNotConnectedException>(() => _transport.Pump(connect));
        Assert.Equal(ConnectionState.Idle, client.State);
    }

    private static string ConnAck(int code, string? reference)
    {
        string properties = Reference(reference);
        return $"20{3 + (properties.Length / 2):X2}00{code:X2}{properties.Length / 2:X2}{properties}";
    }

    private static string Disconnect(int code, string reference)
    {
        string properties = Reference(reference);
        return $"E0{2 + (properties.Length / 2):X2}{code:X2}{properties.Length / 2:X2}{properties}";
    }

    private static string Reference(string? reference) => reference is null ? string.Empty : $"1C{reference.Length:X4}{Convert.ToHexString(Encoding.UTF8.GetBytes(reference))}";

    private static int Count<T>(List<T> items)
    {
        lock (items)
        {
            return items.Count;
        }
    }

    private sealed class Rotating : IMqttCredentials
    {
        public int Asked { get; private set; }

        public ValueTask<(string? User, ReadOnlyMemory<byte> Password)> GetAsync(CancellationToken ct) =>
            ValueTask.FromResult<(string?, ReadOnlyMemory<byte>)>(($"u{(++Asked).ToString(CultureInfo.InvariantCulture)}", default));
    }
}
