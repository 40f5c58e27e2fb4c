using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Broker.Tests.Behaviour;

public sealed class KeepAliveTests
{
    /// <summary>A timer of the broker fires at most so late.</summary>
    private const int GranuleMilliseconds = 32;

    [Theory]
    [InlineData(MqttVersion.V31, 1)]
    [InlineData(MqttVersion.V311, 1)]
    [InlineData(MqttVersion.V5, 1)]
    [InlineData(MqttVersion.V5, 2)]
    [InlineData(MqttVersion.V311, 60)]
    [InlineData(MqttVersion.V5, 65535)]
    [Statement("MQTT-3.1.2-22"), Statement("MQTT311-3.1.2-24"), Statement("MQTT-3.2.2-22")]
    public void One_and_a_half_periods_of_silence_end_the_connection_and_less_do_not(MqttVersion version, int seconds)
    {
        BrokerHarness broker = new();
        TestClient client = broker.Open(version);
        Assert.Null(client.Connect("c", keepAlive: (ushort)seconds).ServerKeepAliveSeconds);
        broker.PassMilliseconds((seconds * 1500) - 1);
        client.ExpectNothing();
        broker.PassMilliseconds(1 + GranuleMilliseconds);
        client.ExpectEnd(ReasonCode.KeepAliveTimeout);
        Assert.Contains("keep alive timeout, by server", broker.Log.Single(1002), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("C0 00")]
    [InlineData("30 04 00 01 61 00")]
    [InlineData("40 02 00 07")]
    [Statement("MQTT-3.1.2-22")]
    public void Any_packet_begins_the_silence_anew(string packet)
    {
        BrokerHarness broker = new();
        TestClient client = broker.Open();
        client.Connect("c", keepAlive: 1);
        for (int i = 0; i < 20; i++)
        {
            broker.PassMilliseconds(1499);
            client.SendHex(packet);
            broker.Run();
        }

        client.ReadAll();
        broker.PassMilliseconds(1499);
        client.ExpectNothing();
        broker.PassMilliseconds(1 + GranuleMilliseconds);
        client.ExpectEnd(ReasonCode.KeepAliveTimeout);
    }

    [Fact, Statement("MQTT-3.1.2-22")]
    public void What_the_broker_sends_is_no_sign_of_life_of_the_client()
    {
        BrokerHarness broker = new();
        TestClient client = broker.Open();
        client.Connect("c", keepAlive: 1);
        client.Subscribe("t");
        TestClient publisher = broker.Connect("publisher");
        for (int i = 0; i < 16; i++)
        {
            publisher.Publish("t", "x");
            broker.PassMilliseconds(100);
        }

        Assert.Equal(PacketType.Disconnect, client.ReadAll()[^1].Type);
    }

    [Fact, Statement("MQTT-3.1.2-22")]
    public void Silence_publishes_the_Will()
    {
        BrokerHarness broker = new();
        TestClient watcher = broker.Subscriber("watcher", "w");
        TestClient client = broker.Open(MqttVersion.V311);
        ConnectPacket connect = client.NewConnect("c", keepAlive: 2);
        connect.HasWill = true;
        connect.WillTopic = "w"u8;
        client.Connect(connect);
        broker.PassMilliseconds(2999);
        watcher.ExpectNothing();
        broker.PassMilliseconds(1 + GranuleMilliseconds);
        watcher.ExpectPublish("w", "");
    }

    [Theory]
    [InlineData(MqttVersion.V31)]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    [Statement("U5-44")]
    public void Keep_Alive_0_switches_the_check_off(MqttVersion version)
    {
        BrokerHarness broker = new();
        TestClient client = broker.Connect("c", version);
        broker.Pass(TimeSpan.FromDays(30));
        client.ExpectNothing();
    }

    [Theory]
    [InlineData(MqttVersion.V311, 0)]
    [InlineData(MqttVersion.V311, 100)]
    [InlineData(MqttVersion.V5, 0)]
    [InlineData(MqttVersion.V5, 100)]
    public void A_shorter_Keep_Alive_of_the_server_is_announced_to_5_0_and_applied_to_all(MqttVersion version, int asked)
    {
        BrokerHarness broker = new(options: BrokerHarness.Options with { KeepAliveMax = TimeSpan.FromSeconds(10) });
        TestClient client = broker.Open(version);
        ReceivedPacket connAck = client.Connect("c", keepAlive: (ushort)asked);
        Assert.Equal(version == MqttVersion.V5 ? 10 : null, (int?)connAck.ServerKeepAliveSeconds);
        broker.PassMilliseconds(14_999);
        client.ExpectNothing();
        broker.PassMilliseconds(1 + GranuleMilliseconds);
        client.ExpectEnd(ReasonCode.KeepAliveTimeout);
    }

    [Fact]
    public void A_Keep_Alive_below_the_limit_of_the_server_stays()
    {
        BrokerHarness broker = new(options: BrokerHarness.Options with { KeepAliveMax = TimeSpan.FromSeconds(10) });
        TestClient client = broker.Open();
        Assert.Null(client.Connect("c", keepAlive: 5).ServerKeepAliveSeconds);
        broker.PassMilliseconds(7500 + GranuleMilliseconds);
        client.ExpectEnd(ReasonCode.KeepAliveTimeout);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Statement("U5-45"), Statement("MQTT311-3.1.4-1")]
    public void A_connection_without_a_whole_CONNECT_is_closed_in_time(bool hasBegun)
    {
        BrokerHarness broker = new();
        TestClient client = broker.Open();
        if (hasBegun)
        {
            client.SendHex("10 0D 00 04");
        }

        broker.PassMilliseconds(9_999);
        client.ExpectNothing();
        broker.PassMilliseconds(1 + GranuleMilliseconds);
        client.ExpectClosed();
        broker.Log.Single(1004);
    }

    [Fact]
    public void The_connect_time_out_does_not_begin_anew_when_the_connection_moves()
    {
        TestAuthenticator authenticator = new() { Decide = static _ => null };
        BrokerHarness broker = BrokerHarness.With(ports => ports with { Authenticator = authenticator }, 2);
        TestClient client = broker.Open();
        broker.PassSeconds(9);
        client.Send(client.NewConnect(broker.NameOn(1)));
        broker.PassMilliseconds(999);
        client.ExpectNothing();
        Assert.Equal(1, client.Peer.LoopIndex);
        broker.PassMilliseconds(1 + GranuleMilliseconds);
        client.ExpectClosed();
    }

    [Fact]
    public void An_idle_broker_asks_for_no_iteration()
    {
        BrokerHarness broker = new();
        broker.Connect("c");
        broker.Run();
        Assert.Equal(long.MaxValue, broker.Engine.CreateShard(0).Advance(broker.Group.Loops[0].Now));
    }
}
