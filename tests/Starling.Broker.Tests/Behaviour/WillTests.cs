using System.Text;
using Starling.Broker.Diagnostics;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Broker.Tests.Behaviour;

public sealed class WillTests
{
    private const int GranuleMilliseconds = 32;

    [Theory]
    [InlineData(1, MqttVersion.V31)]
    [InlineData(1, MqttVersion.V311)]
    [InlineData(1, MqttVersion.V5)]
    [InlineData(2, MqttVersion.V311)]
    [InlineData(2, MqttVersion.V5)]
    [Statement("MQTT-3.1.2-8"), Statement("MQTT-3.1.2-7"), Statement("MQTT311-3.1.2-8")]
    public void A_connection_that_ends_without_DISCONNECT_publishes_its_Will(int shards, MqttVersion version)
    {
        BrokerHarness broker = new(shards);
        TestClient watcher = broker.Subscriber(broker.NameOn(0), "w");
        TestClient client = WithWill(broker, broker.NameOn(shards - 1, 1), new WillCase { Version = version });
        watcher.ExpectNothing();
        client.Cut();
        ReceivedPacket will = watcher.ExpectPublish("w", "gone");
        Assert.False(will.Retain);
        watcher.ExpectNothing();
    }

    [Fact]
    public void A_reset_publishes_the_Will()
    {
        BrokerHarness broker = new();
        TestClient watcher = broker.Subscriber("watcher", "w");
        WithWill(broker, "c").Peer.ResetByPeer();
        watcher.ExpectPublish("w", "gone");
        Assert.Contains("connection failed, by network", broker.Log.Single(1002), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public void A_broken_rule_publishes_the_Will(MqttVersion version)
    {
        BrokerHarness broker = new();
        TestClient watcher = broker.Subscriber("watcher", "w");
        WithWill(broker, "c", new WillCase { Version = version }).SendHex("00 00");
        watcher.ExpectPublish("w", "gone");
    }

    [Theory]
    [InlineData(MqttVersion.V31)]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    [Statement("MQTT-3.14.4-3"), Statement("MQTT311-3.14.4-3"), Statement("MQTT-3.1.2-10"), Statement("MQTT311-3.1.2-10")]
    public void DISCONNECT_takes_the_Will_away(MqttVersion version)
    {
        BrokerHarness broker = new();
        TestClient watcher = broker.Subscriber("watcher", "w");
        TestClient client = WithWill(broker, "c", new WillCase { Version = version });
        client.Disconnect();
        client.ExpectClosed();
        broker.PassSeconds(1000);
        watcher.ExpectNothing();
    }

    [Theory]
    [InlineData(ReasonCode.DisconnectWithWill)]
    [InlineData(ReasonCode.UnspecifiedError)]
    [InlineData(ReasonCode.AdministrativeAction)]
    [Statement("U5-19")]
    public void DISCONNECT_with_another_code_leaves_the_Will_in_force(ReasonCode reason)
    {
        BrokerHarness broker = new();
        TestClient watcher = broker.Subscriber("watcher", "w");
        WithWill(broker, "c").Disconnect(reason);
        watcher.ExpectPublish("w", "gone");
    }

    [Theory]
    [InlineData(3U, 60U, 3)]
    [InlineData(60U, 3U, 3)]
    [InlineData(3U, 3U, 3)]
    [InlineData(5U, uint.MaxValue, 5)]
    [Statement("MQTT-3.1.2-8"), Statement("MQTT-3.1.3-9")]
    public void A_delayed_Will_goes_out_when_its_delay_or_the_session_is_over(uint delay, uint expiry, int seconds)
    {
        BrokerHarness broker = new();
        TestClient watcher = broker.Subscriber("watcher", "w");
        WithWill(broker, "c", new WillCase { Delay = delay, Expiry = expiry }).Cut();
        broker.PassMilliseconds((seconds * 1000) - 1);
        watcher.ExpectNothing();
        broker.PassMilliseconds(1 + GranuleMilliseconds);
        watcher.ExpectPublish("w", "gone");
        broker.PassSeconds(1000);
        watcher.ExpectNothing();
    }

    [Fact, Statement("MQTT-3.1.2-8")]
    public void A_delayed_Will_does_not_wait_when_the_session_ends_with_the_connection()
    {
        BrokerHarness broker = new();
        TestClient watcher = broker.Subscriber("watcher", "w");
        WithWill(broker, "c", new WillCase { Delay = 100 }).Cut();
        watcher.ExpectPublish("w", "gone");
    }

    [Fact]
    public void DISCONNECT_that_ends_the_session_lets_a_delayed_Will_go_at_once()
    {
        BrokerHarness broker = new();
        TestClient watcher = broker.Subscriber("watcher", "w");
        WithWill(broker, "c", new WillCase { Delay = 100, Expiry = 100 }).Disconnect(ReasonCode.DisconnectWithWill, expiry: 0);
        watcher.ExpectPublish("w", "gone");
    }

    [Fact, Statement("MQTT-3.1.3-9")]
    public void A_client_that_comes_back_in_time_suppresses_its_Will()
    {
        BrokerHarness broker = new();
        TestClient watcher = broker.Subscriber("watcher", "w");
        WithWill(broker, "c", new WillCase { Delay = 3, Expiry = 60 }).Cut();
        broker.PassSeconds(2);
        broker.Connect("c", cleanStart: false, expiry: 60);
        broker.PassSeconds(1000);
        watcher.ExpectNothing();
    }

    [Fact, Statement("MQTT-3.1.2-10"), Statement("MQTT311-3.1.2-10")]
    public void A_Will_is_published_once()
    {
        BrokerHarness broker = new();
        TestClient watcher = broker.Subscriber("watcher", "w");
        WithWill(broker, "c", new WillCase { Expiry = 60 }).Cut();
        watcher.ExpectPublish("w", "gone");
        broker.Connect("c", cleanStart: false, expiry: 60).Cut();
        broker.PassSeconds(1000);
        watcher.ExpectNothing();
    }

    [Fact]
    public void The_Will_of_the_last_CONNECT_counts()
    {
        BrokerHarness broker = new();
        TestClient watcher = broker.Subscriber("watcher", "w");
        WithWill(broker, "c", new WillCase { Delay = 5, Expiry = 60, Payload = "old" }).Cut();
        WithWill(broker, "c", new WillCase { Delay = 5, Expiry = 60, Payload = "new", CleanStart = false }).Cut();
        broker.PassSeconds(1000);
        watcher.ExpectPublish("w", "new");
        watcher.ExpectNothing();
    }

    [Theory]
    [InlineData(0U, false, 1)]
    [InlineData(0U, true, 1)]
    [InlineData(10U, true, 1)]
    [InlineData(10U, false, 0)]
    [Statement("U5-18")]
    public void Takeover_publishes_the_Will_unless_it_is_delayed_and_the_session_goes_on(uint delay, bool cleanStart, int published)
    {
        BrokerHarness broker = new();
        TestClient watcher = broker.Subscriber("watcher", "w");
        TestClient first = WithWill(broker, "c", new WillCase { Delay = delay, Expiry = 60 });
        broker.Connect("c", cleanStart: cleanStart, expiry: 60);
        first.ExpectEnd(ReasonCode.SessionTakenOver);
        Assert.Equal(published, watcher.ReadAll().Count);
        broker.PassSeconds(1000);
        watcher.ExpectNothing();
    }

    [Fact]
    public void Clean_Start_lets_a_Will_go_that_still_waits()
    {
        BrokerHarness broker = new();
        TestClient watcher = broker.Subscriber("watcher", "w");
        WithWill(broker, "c", new WillCase { Delay = 50, Expiry = 60 }).Cut();
        broker.Connect("c");
        watcher.ExpectPublish("w", "gone");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Statement("MQTT-3.1.2-14"), Statement("MQTT-3.1.2-15"), Statement("MQTT311-3.1.2-16"), Statement("MQTT311-3.1.2-17")]
    public void Will_Retain_decides_whether_the_Will_is_kept(bool retain)
    {
        BrokerHarness broker = new();
        WithWill(broker, "c", new WillCase { Retain = retain }).Cut();
        Assert.Equal(retain ? "gone" : null, broker.Retained("w"));
    }

    [Fact]
    public void A_retained_Will_without_payload_deletes_what_is_kept()
    {
        BrokerHarness broker = new();
        broker.Connect("publisher").Publish("w", "old", retain: true);
        broker.Run();
        Assert.Equal("old", broker.Retained("w"));
        WithWill(broker, "c", new WillCase { Retain = true, Payload = "" }).Cut();
        Assert.Null(broker.Retained("w"));
    }

    [Theory]
    [InlineData(0, 2, 0)]
    [InlineData(1, 2, 1)]
    [InlineData(2, 2, 2)]
    [InlineData(2, 1, 1)]
    [Statement("MQTT-3.1.2-12"), Statement("MQTT311-3.1.2-14")]
    public void The_Will_has_its_QoS(int will, int subscribed, int delivered)
    {
        BrokerHarness broker = new();
        TestClient watcher = broker.Subscriber("watcher", "w", subscribed);
        WithWill(broker, "c", new WillCase { Qos = will }).Cut();
        Assert.Equal(delivered, (int)watcher.ExpectPublish("w", "gone").Qos);
    }

    [Fact, Statement("U5-17"), Statement("MQTT-3.1.3-10")]
    public void The_properties_of_the_Will_go_out_with_it_but_for_the_delay()
    {
        BrokerHarness broker = new();
        TestClient watcher = broker.Subscriber("watcher", "w");
        byte[] properties = Convert.FromHexString("0101" + "030003742F78" + "0800027274" + "090002BEEF" + "26000161000131" + "26000161000130");
        TestClient client = broker.Open();
        ConnectPacket connect = client.NewConnect("c", expiry: 60);
        connect.HasWill = true;
        connect.WillTopic = "w"u8;
        connect.WillPayload = "gone"u8;
        connect.WillProperties = properties;
        connect.WillDelayIntervalSeconds = 2;
        connect.WillMessageExpiryIntervalSeconds = 30;
        client.Connect(connect);
        client.Cut();
        broker.PassSeconds(3);
        ReceivedPacket will = watcher.ExpectPublish("w", "gone");

        // The time it waited before it was published does not count.
        Assert.Equal(30U, will.MessageExpiryIntervalSeconds);
        Assert.Equal(Convert.ToHexString(properties), Convert.ToHexString(will.Properties).Replace("020000001E", "", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_authorizer_is_asked_about_the_Will_when_it_goes_out(bool isLater)
    {
        TestAuthorizer authorizer = new() { Decide = (_, _) => true };
        BrokerHarness broker = BrokerHarness.With(ports => ports with { Authorizer = authorizer });
        TestClient watcher = broker.Subscriber("watcher", "#");
        TestClient refused = WithWill(broker, "refused");
        authorizer.Decide = (_, _) => isLater ? null : false;
        refused.Cut();
        if (isLater)
        {
            authorizer.Pending.Dequeue().Complete(false);
        }

        watcher.ExpectNothing();
        Assert.Equal("refused", authorizer.Asked[^1].Client);
        Assert.Equal(1, broker.Dropped(DropReason.NotAuthorized));
        TestClient allowed = WithWill(broker, "allowed");
        authorizer.Decide = (_, _) => isLater ? null : true;
        allowed.Cut();
        if (isLater)
        {
            authorizer.Pending.Dequeue().Complete(true);
        }

        watcher.ExpectPublish("w", "gone");
    }

    [Fact]
    public void A_refused_CONNECT_leaves_no_Will()
    {
        TestAuthenticator authenticator = new();
        BrokerHarness broker = BrokerHarness.With(ports => ports with { Authenticator = authenticator });
        TestClient watcher = broker.Subscriber("watcher", "w");
        authenticator.Decide = _ => Ports.AuthenticationDecision.Refuse(ReasonCode.NotAuthorized);
        TestClient client = broker.Open();
        client.Send(WillConnect(client, "c", new WillCase()));
        client.Expect(PacketType.ConnAck);
        client.Cut();
        broker.PassSeconds(1000);
        watcher.ExpectNothing();
    }

    [Fact]
    public void A_Will_reaches_the_own_session_of_its_client_when_it_is_away()
    {
        BrokerHarness broker = new();
        TestClient client = WithWill(broker, "c", new WillCase { Qos = 1, Expiry = 60 });
        client.Subscribe("w", 1);
        client.Cut();
        broker.Connect("c", cleanStart: false, expiry: 60).ExpectPublish("w", "gone");
    }

    private static TestClient WithWill(BrokerHarness broker, string name, WillCase? will = null)
    {
        TestClient client = broker.Open(will?.Version ?? MqttVersion.V5);
        client.Connect(WillConnect(client, name, will ?? new WillCase()));
        return client;
    }

    private static ConnectPacket WillConnect(TestClient client, string name, WillCase will)
    {
        ConnectPacket connect = client.NewConnect(name, will.CleanStart, will.Expiry);
        connect.HasWill = true;
        connect.WillTopic = "w"u8;
        connect.WillPayload = Encoding.UTF8.GetBytes(will.Payload);
        connect.WillDelayIntervalSeconds = will.Delay;
        connect.WillQos = (QualityOfService)will.Qos;
        connect.WillRetain = will.Retain;
        return connect;
    }
}
