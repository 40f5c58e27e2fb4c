using Starling.Broker.Diagnostics;
using Starling.Protocol;

namespace Starling.Broker.Tests.Behaviour;

public sealed class SessionTests
{
    [Theory]
    [InlineData(1, MqttVersion.V311)]
    [InlineData(2, MqttVersion.V311)]
    [InlineData(1, MqttVersion.V5)]
    [InlineData(2, MqttVersion.V5)]
    [Statement("MQTT-3.2.2-3"), Statement("MQTT-3.1.2-5"), Statement("MQTT-3.1.2-6"), Statement("MQTT311-3.1.2-4")]
    [Statement("MQTT311-3.2.2-2"), Statement("MQTT311-3.2.2-3")]
    public void A_kept_session_is_continued(int shards, MqttVersion version)
    {
        BrokerHarness broker = new(shards);
        string name = broker.NameOn(shards - 1);
        TestClient first = broker.Open(version);
        Assert.False(first.Connect(name, cleanStart: false, expiry: 100).SessionPresent);
        first.Subscribe("t", 1);
        first.Cut();
        broker.Connect("publisher").Publish("t", "missed", 1, 1);
        broker.Run();
        TestClient second = broker.Open(version);
        Assert.True(second.Connect(name, cleanStart: false, expiry: 100).SessionPresent);
        second.ExpectPublish("t", "missed");
        second.ExpectNothing();
    }

    [Fact]
    public void CONNACK_of_3_1_says_nothing_of_the_session_that_is_continued()
    {
        BrokerHarness broker = new();
        TestClient first = broker.Connect("c", MqttVersion.V31, cleanStart: false);
        first.Subscribe("t", 1);
        first.Cut();
        broker.Connect("publisher").Publish("t", "missed", 1, 1);
        TestClient second = broker.Open(MqttVersion.V31);
        Assert.Equal([0x20, 0x02, 0x00, 0x00], second.Connect("c", cleanStart: false).Bytes);
        second.ExpectPublish("t", "missed");
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    [Statement("MQTT-3.1.2-4"), Statement("MQTT-3.2.2-2"), Statement("MQTT311-3.1.2-6"), Statement("MQTT311-3.2.2-1")]
    public void Clean_Start_throws_the_old_session_away(MqttVersion version)
    {
        BrokerHarness broker = new();
        TestClient first = broker.Connect("c", version, cleanStart: false, expiry: 100);
        first.Subscribe("t", 1);
        first.Cut();
        TestClient publisher = broker.Connect("publisher");
        publisher.Publish("t", "missed", 1, 1);
        broker.Run();
        TestClient second = broker.Open(version);
        Assert.False(second.Connect("c", cleanStart: true, expiry: 100).SessionPresent);
        publisher.Publish("t", "later", 1, 2);
        second.ExpectNothing();
        Assert.Equal(1, broker.Dropped(DropReason.SessionEnded));
    }

    [Theory]
    [InlineData(MqttVersion.V31)]
    [InlineData(MqttVersion.V311)]
    public void A_Clean_Session_of_3_x_ends_with_its_connection(MqttVersion version)
    {
        BrokerHarness broker = new();
        broker.Connect("c", version, cleanStart: true).Cut();
        Assert.Equal(0, broker.Counters.SessionsNow);
        Assert.False(broker.Open().Connect("c", cleanStart: false).SessionPresent);
    }

    [Fact, Statement("MQTT-4.1.0-1"), Statement("MQTT311-4.1.0-2")]
    public void A_session_without_expiry_lives_as_long_as_its_connection()
    {
        BrokerHarness broker = new();
        TestClient client = broker.Subscriber("c", "t");
        broker.PassSeconds(100_000);
        broker.Connect("publisher").Publish("t", "x");
        client.ExpectPublish("t", "x");
        client.Cut();
        Assert.False(broker.Open().Connect("c", cleanStart: false).SessionPresent);
    }

    [Theory]
    [InlineData(9_999, true)]
    [InlineData(10_040, false)]
    [Statement("MQTT-4.1.0-2"), Statement("MQTT-3.1.2-23")]
    public void A_session_is_discarded_when_its_time_is_over_and_not_before(int milliseconds, bool isPresent)
    {
        BrokerHarness broker = new();
        broker.Connect("c", expiry: 10).Cut();
        broker.PassMilliseconds(milliseconds);
        Assert.Equal(isPresent ? 0 : 1, broker.Counters.SessionsExpired);
        Assert.Equal(isPresent, broker.Open().Connect("c", cleanStart: false, expiry: 10).SessionPresent);
    }

    [Fact]
    public void The_expiry_counts_from_the_end_of_the_last_connection()
    {
        BrokerHarness broker = new();
        TestClient client = broker.Connect("c", expiry: 10);
        broker.PassSeconds(60);
        client.Cut();
        broker.PassSeconds(9);
        client = broker.Connect("c", cleanStart: false, expiry: 10);
        broker.PassSeconds(60);
        client.Cut();
        broker.PassSeconds(9);
        Assert.True(broker.Open().Connect("c", cleanStart: false, expiry: 10).SessionPresent);
    }

    [Fact, Statement("U5-14")]
    public void The_largest_expiry_never_ends()
    {
        BrokerHarness broker = new();
        broker.Connect("c", expiry: uint.MaxValue).Cut();
        broker.Pass(TimeSpan.FromDays(50_000));
        Assert.True(broker.Open().Connect("c", cleanStart: false, expiry: uint.MaxValue).SessionPresent);
    }

    [Fact, Statement("U5-14")]
    public void A_shorter_expiry_of_the_server_is_announced_and_applied()
    {
        BrokerHarness broker = new(options: BrokerHarness.Options with { SessionExpiryMax = TimeSpan.FromSeconds(5) });
        TestClient client = broker.Open();
        Assert.Equal(5U, client.Connect("c", expiry: uint.MaxValue).SessionExpiryIntervalSeconds);
        client.Cut();
        broker.PassSeconds(4);
        client = broker.Open();
        ReceivedPacket connAck = client.Connect("c", cleanStart: false, expiry: 5);
        Assert.True(connAck.SessionPresent);
        Assert.Null(connAck.SessionExpiryIntervalSeconds);
        client.Cut();
        broker.PassSeconds(6);
        Assert.False(broker.Open().Connect("c", cleanStart: false, expiry: 5).SessionPresent);
    }

    [Theory]
    [InlineData(MqttVersion.V31)]
    [InlineData(MqttVersion.V311)]
    public void A_shorter_expiry_of_the_server_is_applied_to_3_x_silently(MqttVersion version)
    {
        BrokerHarness broker = new(options: BrokerHarness.Options with { SessionExpiryMax = TimeSpan.FromSeconds(5) });
        TestClient client = broker.Open(version);
        Assert.Equal(4, client.Connect("c", cleanStart: false).Bytes.Length);
        client.Cut();
        Assert.Equal(1, broker.Counters.SessionsNow);
        broker.PassSeconds(6);
        Assert.Equal(0, broker.Counters.SessionsNow);
    }

    [Fact]
    public void Without_a_limit_a_session_of_3_x_lasts_for_ever()
    {
        BrokerHarness broker = new();
        broker.Connect("c", MqttVersion.V311, cleanStart: false).Cut();
        broker.Pass(TimeSpan.FromDays(50_000));
        Assert.True(broker.Open(MqttVersion.V311).Connect("c", cleanStart: false).SessionPresent);
    }

    [Theory]
    [InlineData(60, 0, 1, false)]
    [InlineData(60, 5, 4, true)]
    [InlineData(60, 5, 6, false)]
    [InlineData(5, 60, 6, true)]
    [InlineData(60, null, 30, true)]
    [Statement("U5-16")]
    public void The_expiry_of_DISCONNECT_replaces_that_of_CONNECT(int atConnect, int? atDisconnect, int waitSeconds, bool isPresent)
    {
        BrokerHarness broker = new();
        TestClient client = broker.Connect("c", expiry: (uint)atConnect);
        client.Disconnect(expiry: (uint?)atDisconnect);
        client.ExpectClosed();
        broker.PassSeconds(waitSeconds);
        Assert.Equal(isPresent, broker.Open().Connect("c", cleanStart: false).SessionPresent);
    }

    [Fact, Statement("U5-15")]
    public void DISCONNECT_cannot_prolong_a_session_that_was_to_end_with_its_connection()
    {
        BrokerHarness broker = new();
        TestClient client = broker.Connect("c");
        client.Disconnect(expiry: 10);
        client.ExpectEnd(ReasonCode.ProtocolError);
        Assert.Contains("U5-15", broker.Log.Single(1005), StringComparison.Ordinal);
        Assert.False(broker.Open().Connect("c", cleanStart: false).SessionPresent);
    }

    [Fact]
    public void DISCONNECT_cannot_go_beyond_the_limit_of_the_server()
    {
        BrokerHarness broker = new(options: BrokerHarness.Options with { SessionExpiryMax = TimeSpan.FromSeconds(5) });
        broker.Connect("c", expiry: 2).Disconnect(expiry: 1000);
        broker.PassSeconds(6);
        Assert.False(broker.Open().Connect("c", cleanStart: false).SessionPresent);
    }

    [Fact]
    public void A_resume_with_expiry_0_lets_the_session_end_with_that_connection()
    {
        BrokerHarness broker = new();
        broker.Connect("c", expiry: 60).Cut();
        TestClient client = broker.Open();
        Assert.True(client.Connect("c", cleanStart: false, expiry: 0).SessionPresent);
        client.Cut();
        Assert.Equal(0, broker.Counters.SessionsNow);
    }

    [Fact]
    public void What_an_expired_session_had_queued_is_counted()
    {
        BrokerHarness broker = new();
        TestClient client = broker.Connect("c", expiry: 5);
        client.Subscribe("t", 2);
        client.Cut();
        TestClient publisher = broker.Connect("publisher");
        publisher.Publish("t", "1", 1, 1);
        publisher.Publish("t", "2", 2, 2);
        broker.PassSeconds(6);
        Assert.Equal(2, broker.Dropped(DropReason.SessionEnded));
        Assert.Equal(0, broker.Counters.SubscriptionsNow);
    }
}
