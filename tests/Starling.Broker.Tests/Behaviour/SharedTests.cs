using Starling.Broker.Diagnostics;
using Starling.Protocol;

namespace Starling.Broker.Tests.Behaviour;

/// <summary>Shared Subscriptions: who gets a message, and who gets it when that member cannot.</summary>
public sealed class SharedTests
{
    [Theory]
    [MemberData(nameof(BrokerHarness.ShardCounts), MemberType = typeof(BrokerHarness))]
    [Statement("U5-34")]
    public void Each_message_goes_to_one_member_of_each_group(int shards)
    {
        BrokerHarness broker = new(shards);
        TestClient[] one = Members(broker, "$share/one/t/+", 3, 0);
        TestClient[] two = Members(broker, "$share/two/t/+", 2, 10);
        TestClient[] other = Members(broker, "$share/one/t/#", 1, 20);
        TestClient publisher = broker.Connect("p");
        for (int i = 0; i < 12; i++)
        {
            publisher.PublishWhole("t/x", $"{i}", i % 3);
        }

        string[] all = [.. Enumerable.Range(0, 12).Select(i => $"{i}").Order()];
        foreach (TestClient[] group in new[] { one, two, other })
        {
            string[][] got = [.. group.Select(member => member.DrainTexts())];
            Assert.Equal(all, got.SelectMany(texts => texts).Order());
            Assert.All(got, texts => Assert.InRange(texts.Length, 12 / group.Length / 2, 12));
        }
    }

    [Theory]
    [MemberData(nameof(BrokerHarness.ShardCounts), MemberType = typeof(BrokerHarness))]
    [Statement("U5-35")]
    [Statement("U5-33")]
    public void A_shared_and_an_ordinary_subscription_of_one_client_both_deliver(int shards)
    {
        BrokerHarness broker = new(shards);
        broker.Connect("k").Keep("t", "kept", 0);
        TestClient client = broker.Connect(broker.NameOn(shards - 1));
        client.SendSubscribe(1, 4, client.Filter("$share/g/t", 1));
        Assert.Equal([(byte)1], client.Expect(PacketType.SubAck).Codes);
        client.ExpectNothing();
        client.SendSubscribe(2, 5, client.Filter("t", 1));
        client.Expect(PacketType.SubAck);
        Assert.Equal(5u, Assert.Single(client.ExpectPublish("t", "kept").SubscriptionIdentifiers));
        broker.Connect("p").PublishWhole("t", "x", 1);
        Assert.Equal([4u, 5u], client.Drain().Select(packet => Assert.Single(packet.SubscriptionIdentifiers)).Order());
    }

    [Fact]
    [Statement("MQTT-4.8.2-3")]
    public void Each_member_gets_the_QoS_that_it_was_granted()
    {
        BrokerHarness broker = new();
        TestClient low = broker.Subscriber("low", "$share/g/t", 0);
        TestClient high = broker.Subscriber("high", "$share/g/t", 2);
        TestClient publisher = broker.Connect("p");
        for (int i = 0; i < 6; i++)
        {
            publisher.PublishWhole("t", "x", 1);
        }

        Assert.All(low.Drain(), packet => Assert.Equal(QualityOfService.AtMostOnce, packet.Qos));
        Assert.All(high.Drain(), packet => Assert.Equal(QualityOfService.AtLeastOnce, packet.Qos));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 2)]
    public void Members_that_are_there_come_first_and_absent_persistent_ones_after_them(int shards, int qos)
    {
        BrokerHarness broker = new(shards);
        string absent = broker.NameOn(shards - 1);
        broker.Absent(absent, "$share/g/t", 2);
        TestClient present = broker.Subscriber(broker.NameOn(0, 1), "$share/g/t", 2);
        TestClient publisher = broker.Connect(broker.NameOn(0, 2));
        publisher.PublishWhole("t", "1", qos);
        publisher.PublishWhole("t", "2", qos);
        Assert.Equal(["1", "2"], present.DrainTexts());
        present.Disconnect();
        broker.Run();
        publisher.PublishWhole("t", "3", qos);
        publisher.PublishWhole("t", "4", qos);
        Assert.Equal(["3", "4"], broker.Resume(absent).DrainTexts());
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    public void QoS_1_not_acknowledged_goes_to_the_next_member_when_a_session_ends(int shards, bool toPersistent)
    {
        BrokerHarness broker = new(shards);
        TestClient first = broker.Subscriber(broker.NameOn(0, 1), "$share/g/t", 2);
        TestClient publisher = broker.Connect("p");
        publisher.PublishWhole("t", "done", 1);
        first.PubAck(first.ExpectPublish("t", "done").PacketIdentifier);
        publisher.PublishWhole("t", "open", 1);
        first.ExpectPublish("t", "open");
        TestClient second = toPersistent
            ? broker.Persistent(broker.NameOn(shards - 1, 2), "$share/g/t", 1)
            : broker.Subscriber(broker.NameOn(shards - 1, 2), "$share/g/t", 1);
        first.Cut();
        ReceivedPacket handedOver = second.ExpectPublish("t", "open");
        Assert.False(handedOver.Duplicate);
        second.PubAck(handedOver.PacketIdentifier);
        second.ExpectNothing();
        Assert.Equal(0, broker.Dropped(DropReason.SessionEnded));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [Statement("MQTT-4.8.2-5")]
    public void QoS_2_that_was_sent_goes_to_nobody_else_and_QoS_2_not_sent_goes_to_the_next_member(int shards, bool toPersistent)
    {
        BrokerHarness broker = new(shards);
        TestClient first = broker.ConnectLimited(broker.NameOn(0, 1), receiveMaximum: 1);
        first.Subscribe("$share/g/t", 2);
        TestClient publisher = broker.Connect("p");
        publisher.PublishWhole("t", "sent", 2);
        publisher.PublishWhole("t", "waits", 2);
        first.ExpectPublish("t", "sent");
        TestClient second = toPersistent
            ? broker.Persistent(broker.NameOn(shards - 1, 2), "$share/g/t", 2)
            : broker.Subscriber(broker.NameOn(shards - 1, 2), "$share/g/t", 2);
        first.Cut();
        Assert.Equal(["waits"], second.DrainTexts());
        Assert.Equal(1, broker.Dropped(DropReason.SessionEnded));
    }

    [Fact]
    [Statement("MQTT-4.8.2-4")]
    public void QoS_2_begun_to_a_member_that_goes_away_is_finished_with_it()
    {
        BrokerHarness broker = new();
        TestClient first = broker.Persistent("first", "$share/g/t", 2);
        broker.Connect("p").PublishWhole("t", "x", 2);
        first.ExpectPublish("t", "x");
        TestClient second = broker.Subscriber("second", "$share/g/t", 2);
        first.Cut();
        second.ExpectNothing();
        Assert.True(Assert.Single(broker.Resume("first").Drain()).Duplicate);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [Statement("MQTT-4.8.2-6")]
    public void A_delivery_that_a_member_refuses_goes_to_nobody_else(int qos)
    {
        BrokerHarness broker = new();
        TestClient first = broker.Subscriber("first", "$share/g/t", 2);
        broker.Connect("p").PublishWhole("t", "x", qos);
        ReceivedPacket delivery = first.ExpectPublish("t", "x");
        TestClient second = broker.Subscriber("second", "$share/g/t", 2);
        first.Acknowledge(qos == 1 ? PacketType.PubAck : PacketType.PubRec, delivery.PacketIdentifier, ReasonCode.UnspecifiedError);
        first.Cut();
        second.ExpectNothing();
        Assert.Equal(1, broker.Dropped(DropReason.RefusedByReceiver));
    }

    [Theory]
    [InlineData("$share/g")]
    [InlineData("$share/")]
    [InlineData("$share//t")]
    [InlineData("$share/g/")]
    [InlineData("$share/g+/t")]
    [InlineData("$share/#/t")]
    [InlineData("$share/g/t/#/u")]
    [InlineData("$share/g/t+")]
    [Statement("MQTT-4.8.2-1")]
    [Statement("MQTT-4.8.2-2")]
    public void An_ill_formed_shared_filter_is_refused_by_its_code(string filter)
    {
        BrokerHarness broker = new();
        TestClient client = broker.Connect("c");
        Assert.Equal([(byte)ReasonCode.TopicFilterInvalid], client.Subscribe(filter, 1).Codes);
        client.ExpectNothing();
        TestClient old = broker.Connect("old", MqttVersion.V311);
        Assert.Equal([(byte)0x80], old.Subscribe(filter, 1).Codes);
    }

    [Fact]
    [Statement("MQTT-3.8.3-4")]
    public void No_Local_on_a_shared_subscription_is_a_protocol_error()
    {
        BrokerHarness broker = new();
        TestClient client = broker.Connect("c");
        client.SendSubscribe(1, 0, client.Filter("$share/g/t", noLocal: true));
        client.ExpectEnd(ReasonCode.ProtocolError);
    }

    [Fact]
    [Statement("U5-43")]
    public void A_topic_that_begins_with_share_is_text_like_any_other()
    {
        BrokerHarness broker = new();
        TestClient member = broker.Subscriber("member", "$share/g/t");
        TestClient publisher = broker.Connect("p");
        publisher.PublishWhole("$share/g/t", "x", 1);
        member.ExpectNothing();
    }

    [Fact]
    public void A_message_that_no_member_can_take_is_counted()
    {
        BrokerHarness broker = new(options: BrokerHarness.Options with { SessionQueueMessagesMax = 1 });
        broker.Absent("absent", "$share/g/t", 1);
        TestClient publisher = broker.Connect("p");
        publisher.PublishWhole("t", "1", 1);
        publisher.PublishWhole("t", "2", 1);
        Assert.Equal(1, broker.Dropped(DropReason.NoSharedMember));
        Assert.Equal(["1"], broker.Resume("absent").DrainTexts());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_message_for_a_persistent_member_on_another_shard_is_recorded_before_it_is_acknowledged(int qos)
    {
        BrokerHarness broker = BrokerHarness.OnDelayedStore(out DelayedStore store, 2);
        TestClient member = broker.Persistent(broker.NameOn(1), "$share/g/t", 2);
        TestClient publisher = broker.Connect(broker.NameOn(0));
        store.IsImmediate = false;
        publisher.Publish("t", "x", qos, 1);
        publisher.ExpectNothing();
        StoredRecord record = Assert.Single(store.Of(Ports.StoreRecordKind.Message));
        Assert.Single(record.References);
        store.Commit();
        publisher.Expect(qos == 1 ? PacketType.PubAck : PacketType.PubRec);
        member.ExpectPublish("t", "x");
    }

    [Fact]
    public void Members_of_a_group_where_shared_subscriptions_are_off_are_refused_with_0x9E()
    {
        BrokerHarness broker = new(options: BrokerHarness.Options with { SharedAvailable = false });
        TestClient client = broker.Open();
        Assert.False(client.Connect("c").SharedSubscriptionAvailable);
        Assert.Equal([(byte)ReasonCode.SharedSubscriptionsNotSupported], client.Subscribe("$share/g/t").Codes);
    }

    private static TestClient[] Members(BrokerHarness broker, string filter, int count, int number) =>
        [.. Enumerable.Range(0, count).Select(i => broker.Subscriber(broker.NameOn(i % broker.Engine.Options.Shards, number + i), filter, 2))];
}
