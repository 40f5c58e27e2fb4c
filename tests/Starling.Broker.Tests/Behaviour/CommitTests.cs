using Starling.Broker.Ports;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Broker.Tests.Behaviour;

/// <summary>What waits for the store and what does not.</summary>
public sealed class CommitTests
{
    private DelayedStore _store = new();

    public static TheoryData<int> ShardCounts => BrokerHarness.ShardCounts;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    [InlineData(2, 2)]
    [Statement("MQTT-4.3.2-4"), Statement("MQTT-4.3.3-8")]
    public void A_message_for_a_persistent_session_is_answered_when_it_is_stored(int shards, int qos)
    {
        BrokerHarness broker = Broker(shards);
        Persistent(broker, broker.NameOn(shards - 1), "t", 2).Cut();
        TestClient publisher = broker.Connect(broker.NameOn(0, 1));
        _store.IsImmediate = false;
        publisher.Publish("t", "x", qos, 7);
        publisher.ExpectNothing();
        StoredRecord record = Assert.Single(_store.Of(StoreRecordKind.Message));
        Assert.Equal(("t", "x", 7), (record.Topic, record.Payload, record.PacketIdentifier));
        Assert.Single(record.References);
        _store.Commit();
        Assert.Equal(7, publisher.Expect(qos == 1 ? PacketType.PubAck : PacketType.PubRec).PacketIdentifier);
    }

    [Fact]
    public void One_record_holds_the_references_of_all_shards()
    {
        BrokerHarness broker = Broker(3);
        for (int i = 0; i < 6; i++)
        {
            Persistent(broker, broker.NameOn(i % 3, i), "t", 1).Cut();
        }

        TestClient publisher = broker.Connect(broker.NameOn(0, 9));
        _store.IsImmediate = false;
        publisher.Publish("t", "x", 1, 7);
        publisher.ExpectNothing();
        Assert.Equal(6, Assert.Single(_store.Of(StoreRecordKind.Message)).References.Select(reference => reference.Session).Distinct().Count());
        _store.Commit();
        publisher.Expect(PacketType.PubAck);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_retained_message_is_answered_when_it_is_stored(int qos)
    {
        BrokerHarness broker = Broker();
        TestClient publisher = broker.Connect("p");
        _store.IsImmediate = false;
        publisher.Publish("t", "x", qos, 7, retain: true);
        publisher.ExpectNothing();
        Assert.NotEqual(0UL, Assert.Single(_store.Of(StoreRecordKind.Message)).RetainedRevision);
        _store.Commit();
        publisher.Expect(qos == 1 ? PacketType.PubAck : PacketType.PubRec);
    }

    [Fact]
    public void A_retained_message_of_QoS_0_is_recorded()
    {
        BrokerHarness broker = Broker();
        broker.Connect("p").Publish("t", "x", retain: true);
        broker.Run();
        Assert.Single(_store.Of(StoreRecordKind.Message));
    }

    [Theory, MemberData(nameof(ShardCounts))]
    public void A_message_for_nobody_persistent_makes_no_record_and_is_answered_at_once(int shards)
    {
        BrokerHarness broker = Broker(shards);
        TestClient watcher = broker.Subscriber(broker.NameOn(shards - 1), "t", 2);
        TestClient publisher = broker.Connect(broker.NameOn(0, 1));
        _store.IsImmediate = false;
        publisher.Publish("t", "x", 1, 7);
        publisher.Expect(PacketType.PubAck);
        publisher.Publish("t", "y", 2, 8);
        publisher.Expect(PacketType.PubRec);
        publisher.PubRel(8);
        publisher.Expect(PacketType.PubComp);
        watcher.ExpectPublish("t", "x");
        ushort second = watcher.ExpectPublish("t", "y").PacketIdentifier;
        watcher.PubRec(second);
        watcher.Expect(PacketType.PubRel);
        Assert.Empty(_store.Records);
    }

    [Fact]
    public void A_QoS_2_identifier_of_a_persistent_publisher_is_stored_before_PUBREC_and_released_before_PUBCOMP()
    {
        BrokerHarness broker = Broker();
        TestClient publisher = Persistent(broker, "p");
        _store.IsImmediate = false;
        publisher.Publish("t", "x", 2, 7);
        publisher.ExpectNothing();
        Assert.Equal(7, Assert.Single(_store.Of(StoreRecordKind.Incoming)).PacketIdentifier);
        _store.Commit();
        publisher.Expect(PacketType.PubRec);
        publisher.PubRel(7);
        publisher.ExpectNothing();
        Assert.Equal(7, Assert.Single(_store.Of(StoreRecordKind.Released)).PacketIdentifier);
        _store.Commit();
        publisher.Expect(PacketType.PubComp);
    }

    [Fact]
    public void A_repetition_joins_the_wait_of_the_first()
    {
        BrokerHarness broker = Broker();
        TestClient publisher = Persistent(broker, "p");
        _store.IsImmediate = false;
        publisher.Publish("t", "x", 2, 7);
        publisher.PublishAgain("t", "x", 2, 7);
        publisher.ExpectNothing();
        Assert.Single(_store.Records, record => record.Kind == StoreRecordKind.Incoming);
        _store.Commit();
        publisher.Expect(PacketType.PubRec);
        publisher.Expect(PacketType.PubRec);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 1)]
    [InlineData(2, 0)]
    [InlineData(2, 1)]
    public void QoS_0_and_1_copies_leave_before_the_commit(int shards, int qos)
    {
        BrokerHarness broker = Broker(shards);
        TestClient watcher = Persistent(broker, broker.NameOn(shards - 1), "t", qos);
        TestClient publisher = broker.Connect(broker.NameOn(0, 1));
        _store.IsImmediate = false;
        publisher.Publish("t", "x", 2, 7);
        Assert.Equal(qos, (int)watcher.ExpectPublish("t", "x").Qos);
    }

    [Theory, MemberData(nameof(ShardCounts))]
    public void QoS_2_copies_leave_after_the_commit_and_hold_what_follows(int shards)
    {
        BrokerHarness broker = Broker(shards);
        TestClient watcher = Persistent(broker, broker.NameOn(shards - 1), "t", 2);
        TestClient publisher = broker.Connect(broker.NameOn(0, 1));
        _store.IsImmediate = false;
        publisher.Publish("t", "1", 2, 7);
        publisher.Publish("t", "2", 1, 8);
        watcher.ExpectNothing();
        _store.Commit();
        watcher.ExpectPublish("t", "1");
        watcher.ExpectPublish("t", "2");
    }

    [Fact]
    public void PUBREL_waits_and_what_PUBACK_and_PUBCOMP_set_free_does_not()
    {
        BrokerHarness broker = Broker();
        TestClient watcher = broker.Open();
        ConnectPacket connect = watcher.NewConnect("w", expiry: 60);
        connect.ReceiveMaximum = 1;
        watcher.Connect(connect);
        watcher.Subscribe("t", 2);
        TestClient publisher = broker.Connect("p");
        publisher.Publish("t", "1", 1, 1);
        publisher.Publish("t", "2", 2, 2);
        publisher.Publish("t", "3", 1, 3);
        ushort one = watcher.ExpectPublish("t", "1").PacketIdentifier;
        _store.IsImmediate = false;
        watcher.PubAck(one);
        ushort two = watcher.ExpectPublish("t", "2").PacketIdentifier;
        Assert.Equal(one - 1UL, Assert.Single(Assert.Single(_store.Of(StoreRecordKind.Finished)).Ranges).From);
        watcher.PubRec(two);
        watcher.ExpectNothing();
        Assert.Equal(two - 1UL, Assert.Single(_store.Of(StoreRecordKind.Received)).Sequence);
        _store.Commit();
        watcher.Expect(PacketType.PubRel);
        watcher.PubComp(two);
        watcher.ExpectPublish("t", "3");
    }

    [Theory, MemberData(nameof(ShardCounts))]
    [Statement("MQTT-4.6.0-2"), Statement("MQTT-4.6.0-3")]
    public void Answers_leave_in_the_order_of_their_packets_and_PINGRESP_passes_them(int shards)
    {
        BrokerHarness broker = Broker(shards);
        Persistent(broker, broker.NameOn(shards - 1), "t", 2).Cut();
        TestClient publisher = broker.Connect(broker.NameOn(0, 1));
        _store.IsImmediate = false;
        publisher.Publish("t", "1", 1, 1);
        publisher.Publish("nobody", "2", 1, 2);
        publisher.Publish("t", "3", 2, 3);
        publisher.Publish("nobody", "4", 2, 4);
        publisher.SendSubscribe(5, 0, publisher.Filter("x"));
        publisher.Ping();
        publisher.Expect(PacketType.PingResp);
        publisher.ExpectNothing();
        broker.Run();
        _store.CommitOne();
        Assert.Equal([1, 2], publisher.ReadAll().Select(packet => packet.PacketIdentifier));
        _store.Commit();
        Assert.Equal([3, 4, 5], publisher.ReadAll().Select(packet => packet.PacketIdentifier));
    }

    [Fact]
    public void What_waits_is_discarded_with_the_connection()
    {
        BrokerHarness broker = Broker();
        Persistent(broker, "w", "t", 1).Cut();
        TestClient publisher = Persistent(broker, "p");
        _store.IsImmediate = false;
        publisher.Publish("t", "1", 1, 1);
        publisher.Publish("t", "2", 2, 2);
        broker.Run();
        publisher.Cut();
        _store.Commit();
        _store.IsImmediate = true;
        TestClient again = broker.Connect("p", cleanStart: false, expiry: 60);
        again.ExpectNothing();
        again.PublishAgain("t", "2", 2, 2);
        Assert.Equal(2, again.Expect(PacketType.PubRec).PacketIdentifier);
        Assert.Equal(2, _store.Of(StoreRecordKind.Message).Count());
    }

    [Fact]
    public void A_client_of_3_x_with_1024_waiting_answers_is_held_until_they_are_sent()
    {
        BrokerHarness broker = Broker();
        Persistent(broker, "w", "t", 1).Cut();
        TestClient publisher = broker.Connect("p", MqttVersion.V311);
        _store.IsImmediate = false;
        for (int i = 1; i <= 1500; i++)
        {
            publisher.Publish("t", "x", 1, i);
        }

        publisher.ExpectNothing();
        Assert.InRange(_store.Records.Count, 1024, 1499);
        _store.Commit();
        broker.Run();
        _store.Commit();
        Assert.Equal(Enumerable.Range(1, 1500), publisher.ReadAll().Select(packet => (int)packet.PacketIdentifier));
    }

    private BrokerHarness Broker(int shards = 1)
    {
        BrokerHarness broker = BrokerHarness.OnDelayedStore(out DelayedStore store, shards);
        _store = store;
        return broker;
    }

    /// <summary>A persistent client; the records of its beginning are committed and forgotten.</summary>
    private TestClient Persistent(BrokerHarness broker, string name, string? filter = null, int qos = 0)
    {
        TestClient client = broker.Connect(name, cleanStart: false, expiry: 60);
        if (filter is not null)
        {
            client.Subscribe(filter, qos);
        }

        _store.Records.Clear();
        return client;
    }
}
