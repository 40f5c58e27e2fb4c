using Starling.Broker.Diagnostics;
using Starling.Broker.Ports;
using Starling.Protocol;

namespace Starling.Broker.Tests.Behaviour;

/// <summary>Limits of the broker and of one session.</summary>
public sealed class LimitTests
{
    [Theory]
    [InlineData(MqttVersion.V31)]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    [Statement("MQTT-3.2.2-10")]
    [Statement("MQTT-3.2.2-11")]
    [Statement("U5-36")]
    public void A_lower_Maximum_QoS_is_granted_at_most_and_binds_publishers(MqttVersion version)
    {
        BrokerHarness broker = new(options: BrokerHarness.Options with { MaximumQos = QualityOfService.AtLeastOnce });
        TestClient client = broker.Connect("c", version);
        client.SendSubscribe(1, 0, client.Filter("a", 0), client.Filter("b", 1), client.Filter("c", 2));
        Assert.Equal([(byte)0, (byte)1, (byte)1], client.Expect(PacketType.SubAck).Codes);
        client.PublishWhole("t", "x", 1);
        client.Publish("t", "x", 2, 1);
        client.ExpectEnd(ReasonCode.QoSNotSupported);
    }

    [Fact]
    [Statement("U5-36")]
    public void Wildcards_are_refused_with_0xA2_where_they_are_not_available()
    {
        BrokerHarness broker = new(options: BrokerHarness.Options with { WildcardsAvailable = false });
        TestClient client = broker.Open();
        Assert.False(client.Connect("c").WildcardSubscriptionAvailable);
        client.SendSubscribe(1, 0, client.Filter("a/+"), client.Filter("#"), client.Filter("$share/g/a/#"), client.Filter("a/b"));
        byte refused = (byte)ReasonCode.WildcardSubscriptionsNotSupported;
        Assert.Equal([refused, refused, refused, (byte)0], client.Expect(PacketType.SubAck).Codes);
    }

    [Fact]
    public void A_session_has_at_most_its_number_of_subscriptions_and_may_replace_them()
    {
        BrokerHarness broker = new(options: BrokerHarness.Options with { SubscriptionsPerSessionMax = 2 });
        TestClient client = broker.Connect("c");
        client.SendSubscribe(1, 0, client.Filter("a"), client.Filter("$share/g/a"), client.Filter("b"));
        Assert.Equal([(byte)0, (byte)0, (byte)ReasonCode.QuotaExceeded], client.Expect(PacketType.SubAck).Codes);
        Assert.Equal([(byte)1], client.Subscribe("a", 1).Codes);
        client.SendUnsubscribe(2, "a");
        client.Expect(PacketType.UnsubAck);
        Assert.Equal([(byte)0], client.Subscribe("b").Codes);
        TestClient old = broker.Connect("old", MqttVersion.V311);
        old.SendSubscribe(1, 0, old.Filter("a"), old.Filter("b"), old.Filter("c"));
        Assert.Equal([(byte)0, (byte)0, (byte)0x80], old.Expect(PacketType.SubAck).Codes);
    }

    [Theory]
    [MemberData(nameof(BrokerHarness.Versions), MemberType = typeof(BrokerHarness))]
    public void A_topic_with_too_many_levels_is_refused(MqttVersion version)
    {
        BrokerHarness broker = new(options: BrokerHarness.Options with { TopicLevelsMax = 3 });
        TestClient client = broker.Connect("c", version);
        Assert.Equal([(byte)0], client.Subscribe("a/b/c").Codes);
        client.Publish("a/b/c", "x");
        client.ExpectPublish("a/b/c", "x");
        client.Publish("a/b/c/d", "x");
        client.ExpectEnd(ReasonCode.TopicNameInvalid);
        if (version != MqttVersion.V31)
        {
            TestClient other = broker.Connect("other", version);
            Assert.True(Assert.Single(other.Subscribe("a/b/c/#").Codes) >= 0x80);
        }
    }

    [Theory]
    [InlineData(SessionQueueFull.DropNewest)]
    [InlineData(SessionQueueFull.DropOldest)]
    public void A_full_queue_of_messages_gives_up_one_end_and_says_so_once(SessionQueueFull policy)
    {
        BrokerHarness broker = new(options: BrokerHarness.Options with { SessionQueueMessagesMax = 3, SessionQueueFull = policy });
        broker.Absent("absent", "t", 1);
        TestClient publisher = broker.Connect("p");
        for (int i = 1; i <= 8; i++)
        {
            publisher.PublishWhole("t", $"{i}", 1);
        }

        Assert.Equal(5, broker.Dropped(DropReason.SessionQueueFull));
        Assert.Equal(1, broker.Log.Count(1007));
        Assert.Equal(policy == SessionQueueFull.DropOldest ? ["6", "7", "8"] : ["1", "2", "3"], broker.Resume("absent").DrainTexts());
    }

    [Theory]
    [InlineData(SessionQueueFull.DropNewest)]
    [InlineData(SessionQueueFull.DropOldest)]
    public void A_full_queue_of_bytes_gives_up_as_much_as_it_must(SessionQueueFull policy)
    {
        BrokerHarness broker = new(options: BrokerHarness.Options with { SessionQueueBytesMax = 5000, SessionQueueFull = policy });
        broker.Absent("absent", "t", 1);
        TestClient publisher = broker.Connect("p");
        foreach (char name in "abcd")
        {
            publisher.PublishWhole("t", new string(name, 1000), 1);
        }

        publisher.PublishWhole("t", new string('z', 2500), 1);
        string kept = new([.. broker.Resume("absent").DrainTexts().Select(text => text[0])]);
        Assert.Equal(policy == SessionQueueFull.DropOldest ? "cdz" : "abcd", kept);
        Assert.Equal(policy == SessionQueueFull.DropOldest ? 2 : 1, broker.Dropped(DropReason.SessionQueueFull));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    [InlineData(false, 2)]
    public void A_full_queue_may_end_the_session(bool isPresent, int shards)
    {
        BrokerHarness broker = new(shards, BrokerHarness.Options with { SessionQueueMessagesMax = 2, SessionQueueFull = SessionQueueFull.EndSession });
        TestClient client = broker.Persistent("full", "t", 1);
        if (!isPresent)
        {
            client.Cut();
        }

        TestClient publisher = broker.Connect("p");
        TestClient other = broker.Subscriber("other", "t", 0);
        for (int i = 1; i <= 4; i++)
        {
            publisher.PublishWhole("t", $"{i}", 1);
        }

        if (isPresent)
        {
            client.Expect(PacketType.Publish);
            client.Expect(PacketType.Publish);
            client.ExpectEnd(ReasonCode.QuotaExceeded);
        }

        Assert.Equal(["1", "2", "3", "4"], other.DrainTexts());
        Assert.False(broker.Open().Connect("full", false, 10).SessionPresent);
        Assert.Equal(3, broker.Dropped(DropReason.SessionQueueFull));
        Assert.Equal(0, broker.Counters.QueuedMessagesNow);
    }

    [Fact]
    public void A_message_sent_and_not_acknowledged_is_never_dropped_for_a_newer_one()
    {
        BrokerHarness broker = new(options: BrokerHarness.Options with { SessionQueueMessagesMax = 2, SessionQueueFull = SessionQueueFull.DropOldest });
        TestClient client = broker.Subscriber("c", "t", 1);
        TestClient publisher = broker.Connect("p");
        for (int i = 1; i <= 3; i++)
        {
            publisher.PublishWhole("t", $"{i}", 1);
        }

        Assert.Equal(["1", "2"], client.DrainTexts());
        Assert.Equal(1, broker.Dropped(DropReason.SessionQueueFull));
        publisher.PublishWhole("t", "4", 1);
        Assert.Equal(["4"], client.DrainTexts());
    }

    [Fact]
    public void A_queue_that_a_slow_consumer_keeps_full_is_logged_once()
    {
        BrokerHarness broker = new(options: BrokerHarness.Options with { SessionQueueMessagesMax = 10 });
        TestClient client = broker.ConnectLimited("c", receiveMaximum: 1);
        client.Subscribe("t", 1);
        TestClient publisher = broker.Connect("p");
        for (int i = 0; i < 50; i++)
        {
            publisher.PublishWhole("t", $"{i}", 1);
            publisher.PublishWhole("t", $"{i} too", 1);
            client.PubAck(client.Expect(PacketType.Publish).PacketIdentifier);
        }

        Assert.Equal(1, broker.Log.Count(1007));
        client.Drain();
        for (int i = 0; i < 11; i++)
        {
            publisher.PublishWhole("t", "again", 1);
        }

        Assert.Equal(2, broker.Log.Count(1007));
    }

    [Fact]
    public void What_a_full_queue_gives_up_is_recorded_as_finished()
    {
        BrokerHarness broker = BrokerHarness.OnDelayedStore(
            out DelayedStore store, options: BrokerHarness.Options with { SessionQueueMessagesMax = 2, SessionQueueFull = SessionQueueFull.DropOldest });
        broker.Absent("absent", "t", 1);
        TestClient publisher = broker.Connect("p");
        for (int i = 1; i <= 4; i++)
        {
            publisher.PublishWhole("t", $"{i}", 1);
        }

        ulong[] sequences = [.. store.Of(StoreRecordKind.Message).Take(2).Select(record => record.References[0].Sequence)];
        Assert.Equal(sequences, store.Of(StoreRecordKind.Finished).SelectMany(record => record.Ranges).Select(range => range.From));
    }

    [Theory]
    [MemberData(nameof(BrokerHarness.ShardCounts), MemberType = typeof(BrokerHarness))]
    public void An_absent_session_with_a_full_queue_holds_back_nobody(int shards)
    {
        BrokerHarness broker = new(shards, BrokerHarness.Options with { SessionQueueMessagesMax = 5 });
        broker.Absent(broker.NameOn(shards - 1), "t", 2);
        TestClient present = broker.Subscriber(broker.NameOn(0, 1), "t", 2);
        TestClient publisher = broker.Connect(broker.NameOn(0, 2));
        for (int i = 0; i < 50; i++)
        {
            publisher.PublishWhole("t", $"{i}", 1 + (i % 2));
            Assert.Equal([$"{i}"], present.DrainTexts());
        }

        Assert.Equal(45, broker.Dropped(DropReason.SessionQueueFull));
    }

    [Fact]
    public void A_consumer_that_does_not_read_loses_QoS_0_and_keeps_QoS_1()
    {
        BrokerHarness broker = new();
        TestClient slow = broker.Subscriber("slow", "t", 1);
        TestClient quick = broker.Subscriber("quick", "t", 1);
        slow.Peer.AcceptBytesMax = 0;
        TestClient publisher = broker.Connect("p");
        string payload = new('x', 10_000);
        for (int i = 0; i < 300; i++)
        {
            publisher.PublishWhole("t", payload, 0);
            publisher.PublishWhole("t", payload, 1);
            Assert.Equal(2, quick.Drain().Count);
        }

        Assert.InRange(broker.Dropped(DropReason.OutputFull), 150, 299);
        slow.Peer.AcceptBytesMax = int.MaxValue;
        List<ReceivedPacket> got = slow.Drain();
        Assert.Equal(300, got.Count(packet => packet.Qos == QualityOfService.AtLeastOnce));
        Assert.Equal(300 - broker.Dropped(DropReason.OutputFull), got.Count(packet => packet.Qos == QualityOfService.AtMostOnce));
    }
}
