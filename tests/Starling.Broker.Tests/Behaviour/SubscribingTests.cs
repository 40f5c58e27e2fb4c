using Starling.Protocol;

namespace Starling.Broker.Tests.Behaviour;

/// <summary>SUBSCRIBE and UNSUBSCRIBE: their answers, and what subscriptions do together.</summary>
public sealed class SubscribingTests
{
    [Theory]
    [MemberData(nameof(BrokerHarness.Versions), MemberType = typeof(BrokerHarness))]
    [Statement("MQTT-3.8.4-1")]
    [Statement("MQTT-3.8.4-2")]
    [Statement("MQTT-3.8.4-5")]
    [Statement("MQTT-3.8.4-6")]
    [Statement("MQTT-3.8.4-7")]
    [Statement("MQTT-3.9.3-1")]
    public void Several_filters_are_answered_with_one_SUBACK_in_their_order(MqttVersion version)
    {
        BrokerHarness broker = new();
        TestClient client = broker.Connect("c", version);
        client.SendSubscribe(99, 0, client.Filter("a", 2), client.Filter("b/+", 0), client.Filter("c/#", 1));
        ReceivedPacket answer = client.Expect(PacketType.SubAck);
        Assert.Equal(99, answer.PacketIdentifier);
        Assert.Equal([(byte)2, (byte)0, (byte)1], answer.Codes);
        client.ExpectNothing();
        TestClient publisher = broker.Connect("p");
        foreach (string topic in new[] { "a", "b/x", "c", "d" })
        {
            publisher.PublishWhole(topic, topic, 2);
        }

        Assert.Equal(["a", "b/x", "c"], client.DrainTexts().Order());
    }

    [Theory]
    [InlineData("#/a")]
    [InlineData("a/#/b")]
    [InlineData("a#")]
    [InlineData("a/b+")]
    [InlineData("+a/b")]
    [Statement("MQTT-4.7.1-1")]
    [Statement("MQTT-4.7.1-2")]
    [Statement("MQTT-3.9.3-2")]
    public void A_filter_with_a_misplaced_wildcard_is_refused_and_the_others_stand(string filter)
    {
        BrokerHarness broker = new();
        TestClient client = broker.Connect("c");
        client.SendSubscribe(1, 0, client.Filter("ok", 1), client.Filter(filter, 1));
        Assert.Equal([(byte)1, (byte)ReasonCode.TopicFilterInvalid], client.Expect(PacketType.SubAck).Codes);
        broker.Connect("p").PublishWhole("ok", "x", 1);
        client.ExpectPublish("ok", "x");
        TestClient old = broker.Connect("old", MqttVersion.V311);
        Assert.Equal([(byte)0x80], old.Subscribe(filter, 1).Codes);
    }

    [Theory]
    [InlineData("#/a")]
    [InlineData("$share//t")]
    [Statement("MQTT31-5")]
    public void A_3_1_client_whose_filter_is_refused_gets_no_failure_code(string filter)
    {
        BrokerHarness broker = new();
        TestClient client = broker.Connect("c", MqttVersion.V31);
        client.SendSubscribe(1, 0, client.Filter(filter, 1));
        client.ExpectClosed();
    }

    [Theory]
    [InlineData("")]
    [InlineData("a#")]
    [InlineData("$share//t")]
    [Statement("MQTT-4.7.3-1")]
    [Statement("MQTT311-4.7.3-1")]
    public void An_UNSUBSCRIBE_with_a_filter_that_is_none_is_refused(string filter)
    {
        BrokerHarness broker = new();
        TestClient client = broker.Connect("c");
        client.SendUnsubscribe(1, "a", filter);
        Assert.Equal([(byte)ReasonCode.NoSubscriptionExisted, (byte)ReasonCode.TopicFilterInvalid], client.Expect(PacketType.UnsubAck).Codes);
        TestClient old = broker.Connect("old", MqttVersion.V311);
        old.SendUnsubscribe(1, "a", filter);
        old.ExpectClosed();
    }

    [Theory]
    [MemberData(nameof(BrokerHarness.ShardCounts), MemberType = typeof(BrokerHarness))]
    [Statement("MQTT-3.3.4-2")]
    [Statement("MQTT-3.3.4-3")]
    [Statement("MQTT-3.3.4-4")]
    public void Overlapping_subscriptions_make_one_copy_with_all_identifiers_and_the_highest_QoS(int shards)
    {
        BrokerHarness broker = new(shards);
        TestClient client = broker.Connect(broker.NameOn(shards - 1));
        client.SendSubscribe(1, 11, client.Filter("a/+", 0));
        client.SendSubscribe(2, 22, client.Filter("a/#", 2));
        client.SendSubscribe(3, 0, client.Filter("a/b", 1));
        client.SendSubscribe(4, 11, client.Filter("+/b", 0));
        client.ReadAll();
        TestClient publisher = broker.Connect(broker.NameOn(0, 1));
        publisher.PublishWhole("a/b", "2", 2);
        publisher.PublishWhole("a/b", "1", 1);
        publisher.PublishWhole("a/b", "0", 0);
        List<ReceivedPacket> got = client.Drain();
        Assert.Equal(["0", "1", "2"], got.Select(packet => packet.Text).Order());
        Assert.All(got, packet => Assert.Equal(int.Parse(packet.Text, null), (int)packet.Qos));
        Assert.All(got, packet => Assert.Equal([11u, 22u], packet.SubscriptionIdentifiers.Order()));
    }

    [Fact]
    [Statement("U5-28")]
    [Statement("MQTT-3.8.4-3")]
    public void Subscribing_again_replaces_options_and_identifier_or_removes_it()
    {
        BrokerHarness broker = new();
        TestClient client = broker.Connect("c");
        TestClient publisher = broker.Connect("p");
        (uint Identifier, int Qos)[] steps = [(5, 2), (6, 0), (0, 1)];
        foreach ((uint identifier, int qos) in steps)
        {
            client.SendSubscribe(1, identifier, client.Filter("t", qos));
            client.Expect(PacketType.SubAck);
            publisher.PublishWhole("t", "x", 2);
            ReceivedPacket delivery = Assert.Single(client.Drain());
            Assert.Equal((QualityOfService)qos, delivery.Qos);
            Assert.Equal(identifier == 0 ? [] : [identifier], delivery.SubscriptionIdentifiers);
        }

        Assert.Equal(1, broker.Counters.SubscriptionsNow);
    }

    [Theory]
    [MemberData(nameof(BrokerHarness.ShardCounts), MemberType = typeof(BrokerHarness))]
    [Statement("MQTT-3.8.4-4")]
    public void Subscribing_again_in_the_middle_of_a_flow_loses_nothing(int shards)
    {
        BrokerHarness broker = new(shards);
        TestClient client = broker.Subscriber(broker.NameOn(shards - 1), "t", 1);
        TestClient publisher = broker.Connect(broker.NameOn(0, 1));
        for (int i = 1; i <= 40; i++)
        {
            publisher.Publish("t", $"{i}", 1, i);
            if (i % 4 == 0)
            {
                client.SendSubscribe(i, 0, client.Filter("t", 1 + (i / 4 % 2)));
                broker.Group.RunIteration();
            }
        }

        Assert.Equal(Enumerable.Range(1, 40).Select(i => $"{i}"), client.DrainTexts());
    }

    [Theory]
    [MemberData(nameof(BrokerHarness.ShardCounts), MemberType = typeof(BrokerHarness))]
    [Statement("MQTT-3.8.3-3")]
    public void With_No_Local_a_client_never_gets_its_own_messages(int shards)
    {
        BrokerHarness broker = new(shards);
        TestClient client = broker.Connect("c");
        client.SendSubscribe(1, 1, client.Filter("t", 2, noLocal: true), client.Filter("u/+", 2, noLocal: true));
        client.SendSubscribe(2, 2, client.Filter("u/#", 1));
        client.ReadAll();
        client.PublishWhole("t", "own", 0);
        client.PublishWhole("t", "own", 2);
        client.ExpectNothing();
        client.Publish("u/x", "own, also wanted");
        ReceivedPacket own = client.ExpectPublish("u/x", "own, also wanted");
        Assert.Equal([2u], own.SubscriptionIdentifiers);
        broker.Connect("p").PublishWhole("t", "another's", 1);
        client.ExpectPublish("t", "another's");
    }

    [Theory]
    [MemberData(nameof(BrokerHarness.Versions), MemberType = typeof(BrokerHarness))]
    [Statement("MQTT-3.10.4-1")]
    [Statement("MQTT-3.10.4-2")]
    [Statement("MQTT-3.10.4-4")]
    [Statement("MQTT-3.10.4-5")]
    [Statement("MQTT-3.10.4-6")]
    [Statement("MQTT-3.11.3-1")]
    [Statement("MQTT-3.11.3-2")]
    [Statement("U5-37")]
    public void UNSUBSCRIBE_takes_exactly_its_filters_back(MqttVersion version)
    {
        BrokerHarness broker = new();
        TestClient client = broker.Connect("c", version);
        client.SendSubscribe(1, 0, client.Filter("a/#", 1), client.Filter("b", 1));
        client.Expect(PacketType.SubAck);
        client.SendUnsubscribe(42, "a/b", "b", "A/#");
        ReceivedPacket answer = client.Expect(PacketType.UnsubAck);
        Assert.Equal(42, answer.PacketIdentifier);
        Assert.Equal(version == MqttVersion.V5 ? [0x11, 0x00, 0x11] : [], answer.Codes);
        TestClient publisher = broker.Connect("p");
        publisher.PublishWhole("b", "gone", 1);
        publisher.PublishWhole("a/b", "stays", 1);
        Assert.Equal(["stays"], client.DrainTexts());
    }

    [Fact]
    [Statement("MQTT-3.10.4-3")]
    public void A_delivery_that_has_begun_is_finished_after_UNSUBSCRIBE()
    {
        BrokerHarness broker = new();
        TestClient client = broker.Persistent("c", "t", 2);
        TestClient publisher = broker.Connect("p");
        publisher.PublishWhole("t", "x", 2);
        ReceivedPacket delivery = client.ExpectPublish("t", "x");
        client.SendUnsubscribe(1, "t");
        client.Expect(PacketType.UnsubAck);
        client.Cut();
        client = broker.Resume("c");
        Assert.Equal(delivery.PacketIdentifier, client.ExpectPublish("t", "x").PacketIdentifier);
        client.PubRec(delivery.PacketIdentifier);
        client.Expect(PacketType.PubRel);
        client.PubComp(delivery.PacketIdentifier);
        publisher.PublishWhole("t", "y", 2);
        client.ExpectNothing();
        Assert.Equal(0, broker.Counters.QueuedMessagesNow);
    }

    [Fact]
    public void An_UNSUBSCRIBE_from_a_shared_filter_leaves_the_group()
    {
        BrokerHarness broker = new();
        TestClient one = broker.Subscriber("one", "$share/g/t", 1);
        TestClient two = broker.Subscriber("two", "$share/g/t", 1);
        one.SendUnsubscribe(2, "$share/g/t", "t");
        Assert.Equal([0x00, 0x11], one.Expect(PacketType.UnsubAck).Codes);
        TestClient publisher = broker.Connect("p");
        publisher.PublishWhole("t", "1", 1);
        publisher.PublishWhole("t", "2", 1);
        one.ExpectNothing();
        Assert.Equal(2, two.Drain().Count);
        Assert.Equal(1, broker.Counters.SharedSubscriptionsNow);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_message_that_nobody_wants_is_acknowledged_with_0x10_in_5_0(int qos)
    {
        BrokerHarness broker = new();
        TestClient publisher = broker.Connect("p");
        PacketType answer = qos == 1 ? PacketType.PubAck : PacketType.PubRec;
        publisher.Publish("t", "x", qos, 1);
        Assert.Equal(ReasonCode.NoMatchingSubscribers, publisher.Expect(answer).Reason);
        publisher.Publish("t", "x", qos, 2, retain: true);
        Assert.Equal(ReasonCode.NoMatchingSubscribers, publisher.Expect(answer).Reason);
        broker.Subscriber("s", "t", 0);
        publisher.Publish("t", "x", qos, 3);
        Assert.Equal(ReasonCode.Success, publisher.Expect(answer).Reason);
    }

    [Fact]
    [Statement("MQTT-4.5.0-1")]
    public void A_message_reaches_every_matching_session_present_and_absent_on_every_shard()
    {
        BrokerHarness broker = new(2);
        TestClient[] present = [.. Enumerable.Range(0, 20).Select(i => broker.Subscriber($"present {i}", "a/+/c", 1))];
        for (int i = 0; i < 20; i++)
        {
            broker.Absent($"absent {i}", "a/#", 1);
        }

        broker.Connect("p").PublishWhole("a/b/c", "x", 1);
        Assert.All(present, client => Assert.Equal(["x"], client.DrainTexts()));
        Assert.All(Enumerable.Range(0, 20), i => Assert.Equal(["x"], broker.Resume($"absent {i}").DrainTexts()));
    }

    [Fact]
    public void A_SUBSCRIBE_of_a_persistent_session_is_answered_when_it_is_stored()
    {
        BrokerHarness broker = BrokerHarness.OnDelayedStore(out DelayedStore store);
        TestClient client = broker.Persistent("c", "old", 1);
        store.IsImmediate = false;
        client.SendSubscribe(1, 0, client.Filter("t", 1));
        client.SendUnsubscribe(2, "old");
        client.ExpectNothing();
        store.Commit();
        client.Expect(PacketType.SubAck);
        client.Expect(PacketType.UnsubAck);
        TestClient clean = broker.Connect("clean");
        clean.Subscribe("t");
    }
}
