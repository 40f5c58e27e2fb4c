using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Broker.Tests.Behaviour;

public sealed class TakeoverTests
{
    [Theory]
    [InlineData(MqttVersion.V31, 1, 0)]
    [InlineData(MqttVersion.V311, 1, 0)]
    [InlineData(MqttVersion.V5, 1, 0)]
    [InlineData(MqttVersion.V5, 2, 0)]
    [InlineData(MqttVersion.V5, 2, 1)]
    [InlineData(MqttVersion.V311, 2, 1)]
    [Statement("MQTT-3.1.4-3"), Statement("MQTT311-3.1.4-2")]
    public void A_second_client_with_the_same_identifier_ends_the_first(MqttVersion version, int shards, int loop)
    {
        BrokerHarness broker = new(shards);
        TestClient first = broker.Connect("same", version);
        TestClient second = broker.Open(loop: loop);
        second.Connect("same");
        first.ExpectEnd(ReasonCode.SessionTakenOver);
        second.ExpectNothing();
        Assert.Contains("session taken over, by server", broker.Log.Single(1002), StringComparison.Ordinal);
        Assert.Equal(1, broker.Counters.ConnectionsNow);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void The_session_goes_over_with_what_was_open(int shards)
    {
        BrokerHarness broker = new(shards);
        TestClient first = broker.Connect("same", expiry: 60);
        first.Subscribe("t", 1);
        broker.Connect("publisher").Publish("t", "x", 1, 1);
        ushort identifier = first.ExpectPublish("t", "x").PacketIdentifier;
        TestClient second = broker.Open();
        Assert.True(second.Connect("same", cleanStart: false, expiry: 60).SessionPresent);
        ReceivedPacket again = second.ExpectPublish("t", "x");
        Assert.Equal((identifier, true), (again.PacketIdentifier, again.Duplicate));
    }

    [Fact]
    public void A_session_that_ends_with_its_connection_is_not_taken_over()
    {
        BrokerHarness broker = new();
        broker.Subscriber("same", "t");
        TestClient second = broker.Open();
        Assert.False(second.Connect("same", cleanStart: false).SessionPresent);
        broker.Connect("publisher").Publish("t", "x");
        second.ExpectNothing();
    }

    [Fact]
    public void What_the_old_client_still_sends_is_not_processed()
    {
        BrokerHarness broker = new();
        TestClient watcher = broker.Subscriber("watcher", "#");
        TestClient first = broker.Connect("same");
        broker.Connect("same");
        first.Publish("t", "late", 1, 1);
        watcher.ExpectNothing();
    }

    [Fact]
    public void A_refused_client_takes_nothing_over()
    {
        TestAuthenticator authenticator = new();
        BrokerHarness broker = BrokerHarness.With(ports => ports with { Authenticator = authenticator });
        TestClient first = broker.Connect("same");
        authenticator.Decide = _ => Ports.AuthenticationDecision.Refuse(ReasonCode.NotAuthorized);
        TestClient second = broker.Open();
        second.Send(second.NewConnect("same"));
        Assert.Equal(ReasonCode.NotAuthorized, second.Expect(PacketType.ConnAck).Reason);
        first.ExpectNothing();
    }

    [Theory]
    [InlineData(22U, false)]
    [InlineData(100U, true)]
    [Statement("MQTT-3.14.2-3")]
    public void The_Reason_String_of_DISCONNECT_is_left_out_where_the_client_does_not_take_it(uint packetBytesMax, bool fits)
    {
        BrokerHarness broker = new(options: BrokerHarness.Options with
        {
            SessionQueueMessagesMax = 1,
            SessionQueueFull = SessionQueueFull.EndSession,
        });
        TestClient client = broker.Open();
        ConnectPacket connect = client.NewConnect("c");
        connect.MaximumPacketBytes = packetBytesMax;
        client.Connect(connect);
        client.Subscribe("t", 1);
        TestClient publisher = broker.Connect("publisher");
        publisher.Publish("t", "1", 1, 1);
        publisher.Publish("t", "2", 1, 2);
        client.ExpectPublish("t", "1");
        ReceivedPacket disconnect = client.Expect(PacketType.Disconnect);
        Assert.Equal((ReasonCode.QuotaExceeded, fits), (disconnect.Reason, disconnect.ReasonString is not null));
        client.ExpectClosed();
    }
}
