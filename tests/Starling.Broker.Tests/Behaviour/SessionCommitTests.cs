using Starling.Broker.Ports;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Broker.Tests.Behaviour;

/// <summary>What of a connection and its session waits for the store and what does not.</summary>
public sealed class SessionCommitTests
{
    private DelayedStore _store = new();

    [Theory]
    [InlineData(MqttVersion.V31)]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public void CONNACK_of_a_persistent_session_waits_and_what_is_pipelined_waits_with_it(MqttVersion version)
    {
        BrokerHarness broker = Broker();
        _store.IsImmediate = false;
        TestClient client = broker.Open(version);
        client.Send(client.NewConnect("c", cleanStart: false, expiry: 60));
        client.Publish("t", "x", 1, 1);
        client.ExpectNothing();
        Assert.Equal("c", Assert.Single(_store.Records).Topic);
        _store.Commit();
        client.Expect(PacketType.ConnAck);
        client.Expect(PacketType.PubAck);
    }

    [Fact]
    public void CONNACK_after_a_late_authentication_waits_for_the_store_with_what_is_pipelined()
    {
        TestAuthenticator authenticator = new() { Decide = static _ => null };
        BrokerHarness broker = new(ports: new BrokerPorts { Store = _store, Authenticator = authenticator });
        _store.IsImmediate = false;
        TestClient client = broker.Open();
        client.Send(client.NewConnect("c", cleanStart: false, expiry: 60));
        client.Ping();
        broker.Run();
        authenticator.Pending.Dequeue().Complete(AuthenticationDecision.Allow);
        client.ExpectNothing();
        _store.Commit();
        client.Expect(PacketType.ConnAck);
        client.Expect(PacketType.PingResp);
    }

    [Theory]
    [InlineData(0U)]
    [InlineData(60U)]
    public void Clean_Start_that_deletes_a_session_waits(uint expiry)
    {
        BrokerHarness broker = Broker();
        Persistent(broker, "c").Cut();
        _store.IsImmediate = false;
        TestClient client = broker.Open();
        client.Send(client.NewConnect("c", expiry: expiry));
        client.ExpectNothing();
        Assert.Single(_store.Of(StoreRecordKind.SessionEnded));
        _store.Commit();
        Assert.False(client.Expect(PacketType.ConnAck).SessionPresent);
    }

    [Fact]
    public void CONNACK_SUBACK_and_UNSUBACK_of_a_clean_session_do_not_wait()
    {
        BrokerHarness broker = Broker();
        _store.IsImmediate = false;
        TestClient client = broker.Connect("c");
        client.Subscribe("t", 2);
        client.SendUnsubscribe(2, "t");
        client.Expect(PacketType.UnsubAck);
        client.Disconnect();
        client.ExpectClosed();
        Assert.Empty(_store.Records);
    }

    [Fact]
    public void SUBACK_and_UNSUBACK_of_a_persistent_session_wait()
    {
        BrokerHarness broker = Broker();
        TestClient client = Persistent(broker, "c");
        _store.IsImmediate = false;
        client.SendSubscribe(1, 9, client.Filter("t", 1, noLocal: true, asPublished: true));
        client.ExpectNothing();
        StoredRecord subscribed = Assert.Single(_store.Of(StoreRecordKind.Subscribed));
        Assert.Equal(("t", 0x0D, 9U), (subscribed.Topic, subscribed.Options, subscribed.Identifier));
        _store.Commit();
        client.Expect(PacketType.SubAck);
        client.SendUnsubscribe(2, "unknown", "t");
        client.ExpectNothing();
        Assert.Equal("t", Assert.Single(_store.Of(StoreRecordKind.Unsubscribed)).Topic);
        _store.Commit();
        Assert.Equal([0x11, 0x00], client.Expect(PacketType.UnsubAck).Codes);
    }

    [Fact]
    public void A_takeover_during_the_wait_of_CONNACK_ends_the_first_quietly()
    {
        BrokerHarness broker = Broker();
        _store.IsImmediate = false;
        TestClient first = broker.Open();
        first.Send(first.NewConnect("c", cleanStart: false, expiry: 60));
        broker.Run();
        TestClient second = broker.Open();
        second.Send(second.NewConnect("c", cleanStart: false, expiry: 60));
        first.ExpectClosed();
        _store.Commit();
        second.Expect(PacketType.ConnAck);
        second.ExpectNothing();
        Assert.Equal(1, broker.Counters.ConnectionsNow);
    }

    [Fact]
    public void The_end_of_a_session_and_a_change_of_its_expiry_are_recorded_and_nobody_waits()
    {
        BrokerHarness broker = Broker();
        TestClient client = Persistent(broker, "c");
        _store.IsImmediate = false;
        client.Disconnect(expiry: 5);
        client.ExpectClosed();
        Assert.Equal(5U, Assert.Single(_store.Of(StoreRecordKind.SessionOpened)).Seconds);
        broker.PassSeconds(6);
        Assert.Single(_store.Of(StoreRecordKind.SessionEnded));
        Assert.Equal(0, broker.Counters.SessionsNow);
    }

    [Fact]
    public void The_Will_of_a_persistent_session_is_stored_before_CONNACK_and_removed_by_DISCONNECT()
    {
        BrokerHarness broker = Broker();
        _store.IsImmediate = false;
        TestClient client = broker.Open();
        ConnectPacket connect = client.NewConnect("c", expiry: 60);
        connect.HasWill = true;
        connect.WillTopic = "w"u8;
        connect.WillPayload = "gone"u8;
        connect.WillDelayIntervalSeconds = 3;
        client.Send(connect);
        client.ExpectNothing();
        StoredRecord will = Assert.Single(_store.Of(StoreRecordKind.Will));
        Assert.Equal(("w", "gone", 3U), (will.Topic, will.Payload, will.Seconds));
        _store.CommitOne();
        client.ExpectNothing();
        _store.CommitOne();
        client.Expect(PacketType.ConnAck);
        client.Disconnect();
        client.ExpectClosed();
        Assert.Equal(will.Epoch, Assert.Single(_store.Of(StoreRecordKind.WillRemoved)).Epoch);
    }

    private BrokerHarness Broker()
    {
        BrokerHarness broker = BrokerHarness.OnDelayedStore(out DelayedStore store);
        _store = store;
        return broker;
    }

    /// <summary>A persistent client; the records of its beginning are committed and forgotten.</summary>
    private TestClient Persistent(BrokerHarness broker, string name)
    {
        TestClient client = broker.Connect(name, cleanStart: false, expiry: 60);
        _store.Records.Clear();
        return client;
    }
}
