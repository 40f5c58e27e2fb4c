using Starling.Broker.Ports;
using Starling.Protocol;

namespace Starling.Broker.Tests.Behaviour;

/// <summary>Messages with persistent receivers: recorded once for all shards, in order, and acknowledged after the commit.</summary>
public sealed class GatherTests
{
    private readonly BrokerHarness _broker;
    private readonly DelayedStore _store;
    private readonly TestClient[] _subscribers;
    private readonly TestClient _publisher;

    public GatherTests()
    {
        _broker = BrokerHarness.OnDelayedStore(out _store, 3);
        _subscribers = [.. Enumerable.Range(0, 3).Select(shard => _broker.Persistent(_broker.NameOn(shard), "t", 2))];
        _publisher = _broker.Open();
        _publisher.Connect(_broker.NameOn(0, 1), false, uint.MaxValue);
        _store.IsImmediate = false;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [Statement("MQTT-4.3.2-4")]
    [Statement("MQTT-4.3.3-8")]
    public void One_record_names_the_receivers_of_all_shards_and_the_answer_waits_for_its_commit(int qos)
    {
        _publisher.Publish("t", "x", qos, 7);
        _publisher.ExpectNothing();
        StoredRecord record = Assert.Single(_store.Of(StoreRecordKind.Message));
        Assert.Equal(3, record.References.Select(reference => reference.Session).Distinct().Count());
        Assert.Equal((7, "x"), (record.PacketIdentifier, record.Payload));
        _store.Commit();
        Assert.Equal(7, _publisher.Expect(qos == 1 ? PacketType.PubAck : PacketType.PubRec).PacketIdentifier);
    }

    [Fact]
    public void QoS_0_and_1_leave_at_once_and_QoS_2_after_the_commit_holding_what_follows()
    {
        _publisher.Publish("t", "0");
        _publisher.Publish("t", "1", 1, 1);
        _publisher.Publish("t", "2", 2, 2);
        _publisher.Publish("t", "3", 1, 3);
        Assert.All(_subscribers, subscriber => Assert.Equal(["0", "1"], subscriber.DrainTexts()));
        _store.Commit();
        Assert.All(_subscribers, subscriber => Assert.Equal(["2", "3"], subscriber.DrainTexts()));
    }

    [Fact]
    [Statement("MQTT-4.6.0-2")]
    [Statement("MQTT-4.6.0-3")]
    public void Records_and_answers_of_one_publisher_keep_the_order_of_its_messages()
    {
        _publisher.SendSubscribe(99, 0, _publisher.Filter("mine", 1));
        for (int i = 1; i <= 20; i++)
        {
            _publisher.Publish(i % 5 == 0 ? "mine" : "t", $"{i}", 1, i);
            _broker.Group.Loops[0].RunIteration();
        }

        _broker.Run();
        Assert.Equal(Enumerable.Range(1, 20), _store.Of(StoreRecordKind.Message).Select(record => (int)record.PacketIdentifier));
        _store.Commit();
        Assert.Equal(
            Enumerable.Range(1, 20),
            _publisher.ReadAll().Where(packet => packet.Type == PacketType.PubAck).Select(packet => (int)packet.PacketIdentifier));
    }

    [Fact]
    [Statement("MQTT-4.3.3-10")]
    public void A_repetition_on_a_new_connection_waits_for_the_commit_of_the_first()
    {
        string name = _broker.NameOn(0, 1);
        _publisher.Publish("t", "x", 2, 7);
        _broker.Run();
        TestClient again = _broker.Open();
        again.Send(again.NewConnect(name, false, uint.MaxValue));
        _publisher.ExpectEnd(ReasonCode.SessionTakenOver);
        again.PublishAgain("t", "x", 2, 7);
        again.ExpectNothing();
        _store.Commit();
        again.Expect(PacketType.ConnAck);
        Assert.Equal(7, again.Expect(PacketType.PubRec).PacketIdentifier);
        Assert.Single(_store.Of(StoreRecordKind.Message));
        Assert.All(_subscribers, subscriber => Assert.Equal(["x"], subscriber.DrainTexts()));
    }

    [Fact]
    public void A_repetition_that_comes_between_append_and_commit_is_not_answered_before_it()
    {
        string name = _broker.NameOn(0, 1);
        _store.IsImmediate = true;
        TestClient publisher = _broker.Resume(name);
        _broker.Run();
        _store.IsImmediate = false;
        publisher.Publish("t", "x", 2, 7);
        _broker.Run();
        ulong message = Assert.Single(_store.Of(StoreRecordKind.Message)).Lsn;
        publisher.Cut();
        publisher = _broker.Open();
        publisher.Send(publisher.NewConnect(name, false, uint.MaxValue));
        publisher.PublishAgain("t", "x", 2, 7);
        publisher.ExpectNothing();
        Assert.True(_store.Of(StoreRecordKind.SessionOpened).Last().Lsn > message);
        _store.Commit();
        publisher.Expect(PacketType.ConnAck);
        publisher.Expect(PacketType.PubRec);
    }

    [Fact]
    public void A_gather_is_finished_although_its_publisher_has_gone()
    {
        _publisher.Publish("t", "x", 1, 7);
        _broker.Group.Loops[0].RunIteration();
        _publisher.Cut();
        _store.Commit();
        Assert.Equal(3, Assert.Single(_store.Of(StoreRecordKind.Message)).References.Length);
        Assert.All(_subscribers, subscriber => Assert.Equal(["x"], subscriber.DrainTexts()));
    }

    [Fact]
    public void A_gather_is_finished_although_the_session_of_its_publisher_has_ended()
    {
        _publisher.Publish("t", "1", 1, 7);
        _publisher.Publish("t", "2", 2, 8);
        _publisher.Disconnect(ReasonCode.Success, 0);
        _publisher.ExpectClosed();
        _store.Commit();
        _broker.Run();
        Assert.Equal(["1", "2"], _store.Of(StoreRecordKind.Message).Select(record => record.Payload));
        Assert.All(_subscribers, subscriber => Assert.Equal(["1", "2"], subscriber.DrainTexts()));
    }

    [Fact]
    public void A_receiver_that_ends_during_a_gather_holds_up_nobody()
    {
        _publisher.Publish("t", "x", 2, 7);
        _broker.Group.Loops[0].RunIteration();
        _subscribers[1].Disconnect(ReasonCode.Success, 0);
        _subscribers[1].ExpectClosed();
        _store.Commit();
        _publisher.Expect(PacketType.PubRec);
        Assert.Equal(["x"], _subscribers[0].DrainTexts());
        Assert.Equal(["x"], _subscribers[2].DrainTexts());
    }

    [Fact]
    [Statement("MQTT-3.2.0-1")]
    public void Nothing_comes_before_CONNACK_to_a_session_that_waits_for_its_commit()
    {
        TestClient again = _broker.Open();
        again.Send(again.NewConnect(_broker.NameOn(1), false, uint.MaxValue));
        _broker.Run();
        foreach (int qos in new[] { 0, 1, 2 })
        {
            _publisher.Publish("t", $"{qos}", qos, qos);
        }

        again.ExpectNothing();
        _store.Commit();
        again.Expect(PacketType.ConnAck);
        _store.Commit();
        Assert.Equal(["1", "2"], again.DrainTexts());
    }

    [Fact]
    public void A_QoS_2_exchange_of_a_persistent_session_waits_for_each_of_its_records()
    {
        _publisher.Publish("t", "x", 2, 7);
        _publisher.ExpectNothing();
        _store.Commit();
        _publisher.Expect(PacketType.PubRec);
        _publisher.PubRel(7);
        _publisher.ExpectNothing();
        _store.Commit();
        Assert.Equal(7, _publisher.Expect(PacketType.PubComp).PacketIdentifier);

        ReceivedPacket delivery = _subscribers[2].ExpectPublish("t", "x");
        _subscribers[2].PubRec(delivery.PacketIdentifier);
        _subscribers[2].ExpectNothing();
        _store.Commit();
        _subscribers[2].Expect(PacketType.PubRel);
        _subscribers[2].PubComp(delivery.PacketIdentifier);
        _subscribers[2].ExpectNothing();
        Assert.Single(_store.Of(StoreRecordKind.Finished));
    }

    [Fact]
    public void A_QoS_1_message_without_persistent_receivers_waits_for_nothing()
    {
        TestClient clean = _broker.Subscriber("clean", "u", 2);
        _publisher.PublishWhole("u", "x", 1);
        Assert.Equal(["x"], clean.DrainTexts());
        Assert.Empty(_store.Of(StoreRecordKind.Message));
        _publisher.Publish("u", "y", 2, 3);
        Assert.Equal(["y"], clean.DrainTexts());
        _publisher.ExpectNothing();
        Assert.Single(_store.Of(StoreRecordKind.Incoming));
        _store.Commit();
        _publisher.Expect(PacketType.PubRec);
    }

    [Fact]
    public void No_record_about_a_delivery_precedes_that_of_its_message()
    {
        _publisher.Publish("t", "x", 1, 7);
        _broker.Group.Loops[0].RunIteration();
        _broker.Group.Loops[1].RunIteration();
        _broker.Group.Loops[1].RunIteration();
        byte[] bytes = _subscribers[1].Peer.Read();
        ReceivedPacket? delivery = ReceivedPacket.TryTake(ref bytes, MqttVersion.V5);
        Assert.NotNull(delivery);
        _subscribers[1].AnswerDelivery(delivery);
        _broker.Group.Loops[1].RunIteration();
        Assert.Empty(_store.Of(StoreRecordKind.Finished));
        _broker.Run();
        Assert.Empty(_store.Of(StoreRecordKind.Finished));
        _store.Commit();
        _broker.Run();
        StoredRecord finished = Assert.Single(_store.Of(StoreRecordKind.Finished));
        Assert.Equal(delivery.PacketIdentifier - 1UL, Assert.Single(finished.Ranges).From);
        Assert.True(_store.Records.IndexOf(finished) > _store.Records.IndexOf(_store.Of(StoreRecordKind.Message).Single()));
    }
}
