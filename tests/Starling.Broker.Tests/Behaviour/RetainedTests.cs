using System.Text;
using Starling.Broker.Diagnostics;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Broker.Tests.Behaviour;

/// <summary>Retained messages: what is kept, what a subscription gets of it, and at what pace.</summary>
public sealed class RetainedTests
{
    [Theory]
    [MemberData(nameof(BrokerHarness.Versions), MemberType = typeof(BrokerHarness))]
    [Statement("MQTT-3.3.1-5")]
    [Statement("MQTT311-3.3.1-5")]
    [Statement("MQTT311-3.3.1-6")]
    [Statement("U5-32")]
    public void A_new_subscription_gets_the_last_retained_message_of_each_topic_with_RETAIN_1(MqttVersion version)
    {
        BrokerHarness broker = new();
        TestClient publisher = broker.Connect("p", version);
        publisher.Keep("a/1", "old", 0);
        publisher.Keep("a/1", "new", 1);
        publisher.Keep("a/2", "other", 2);
        publisher.Keep("b", "elsewhere", 0);
        TestClient subscriber = broker.Subscriber("s", "a/+", 1, version);
        List<ReceivedPacket> got = subscriber.Drain();
        Assert.Equal(["new", "other"], got.Select(packet => packet.Text).Order());
        Assert.All(got, packet => Assert.True(packet is { Retain: true, Qos: QualityOfService.AtLeastOnce, Duplicate: false }));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [Statement("MQTT-3.3.1-6")]
    [Statement("MQTT-3.3.1-7")]
    [Statement("MQTT311-3.3.1-10")]
    [Statement("MQTT311-3.3.1-11")]
    public void An_empty_retained_message_is_delivered_and_deletes_the_stored_one(int qos)
    {
        BrokerHarness broker = new();
        TestClient publisher = broker.Connect("p");
        publisher.Keep("t", "kept", 0);
        TestClient present = broker.Subscriber("present", "t");
        present.ExpectPublish("t", "kept");
        publisher.Keep("t", "", qos);
        present.ExpectPublish("t", "");
        broker.Subscriber("later", "t").ExpectNothing();
        Assert.Null(broker.Retained("t"));
    }

    [Fact]
    [Statement("MQTT-3.3.1-8")]
    [Statement("MQTT311-3.3.1-12")]
    [Statement("MQTT311-3.3.1-7")]
    public void Only_a_retained_message_of_any_QoS_replaces_a_retained_one()
    {
        BrokerHarness broker = new();
        TestClient publisher = broker.Connect("p");
        publisher.Keep("t", "at least once", 1);
        publisher.PublishWhole("t", "plain", 1);
        publisher.PublishWhole("t", "", 1);
        Assert.Equal("at least once", broker.Retained("t"));
        publisher.Keep("t", "at most once", 0);
        broker.Subscriber("s", "t", 2).ExpectPublish("t", "at most once");
    }

    [Theory]
    [InlineData(RetainHandling.SendAtSubscribe, 2)]
    [InlineData(RetainHandling.SendIfNew, 1)]
    [InlineData(RetainHandling.DoNotSend, 0)]
    [Statement("MQTT-3.3.1-9")]
    [Statement("MQTT-3.3.1-10")]
    [Statement("MQTT-3.3.1-11")]
    [Statement("MQTT-3.8.4-4")]
    public void Retain_Handling_says_when_a_subscription_brings_retained_messages(RetainHandling handling, int times)
    {
        BrokerHarness broker = new();
        broker.Connect("p").Keep("t", "kept", 1);
        TestClient subscriber = broker.Connect("s");
        subscriber.SendSubscribe(1, 0, subscriber.Filter("t", 1, handling: handling));
        subscriber.SendSubscribe(2, 0, subscriber.Filter("t", 1, handling: handling));
        Assert.Equal(times, subscriber.Drain().Count);
        subscriber.SendUnsubscribe(3, "t");
        subscriber.ReadAll();
        subscriber.SendSubscribe(4, 0, subscriber.Filter("t", 1, handling: handling));
        Assert.Equal(handling == RetainHandling.DoNotSend ? 0 : 1, subscriber.Drain().Count);
    }

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(false, true, false)]
    [InlineData(true, false, false)]
    [InlineData(true, true, true)]
    [Statement("MQTT-3.3.1-12")]
    [Statement("MQTT-3.3.1-13")]
    [Statement("MQTT311-3.3.1-9")]
    public void Retain_As_Published_keeps_the_RETAIN_of_forwarded_messages(bool asPublished, bool published, bool expected)
    {
        BrokerHarness broker = new(2);
        TestClient one = broker.Connect(broker.NameOn(0));
        TestClient two = broker.Connect(broker.NameOn(1));
        foreach (TestClient client in new[] { one, two })
        {
            client.SendSubscribe(1, 0, client.Filter("t", 1, asPublished: asPublished));
            client.Expect(PacketType.SubAck);
        }

        TestClient publisher = broker.Connect("p");
        publisher.Publish("t", "0", 0, 0, published);
        publisher.Publish("t", "1", 1, 1, published);
        Assert.All(one.Drain().Concat(two.Drain()), packet => Assert.Equal(expected, packet.Retain));
    }

    [Fact]
    [Statement("U5-25")]
    [Statement("MQTT-3.3.2-6")]
    public void A_retained_message_counts_its_lifetime_down_and_is_gone_after_it()
    {
        BrokerHarness broker = new();
        TestClient publisher = broker.Connect("p");
        publisher.PublishExpiring("t", "short-lived", 100, 0);
        broker.PassSeconds(30);
        Assert.Equal(70u, broker.Subscriber("early", "t").ExpectPublish("t", "short-lived").MessageExpiryIntervalSeconds);
        broker.PassSeconds(71);
        broker.Subscriber("late", "t").ExpectNothing();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_retained_message_over_the_quota_is_refused_whole_where_5_0_can_say_so(int qos)
    {
        BrokerHarness broker = new(options: BrokerHarness.Options with { RetainedMessagesMax = 1 });
        TestClient present = broker.Subscriber("present", "#");
        TestClient publisher = broker.Connect("p");
        publisher.Keep("first", "1", 1);
        publisher.Publish("second", "2", qos, qos, retain: true);
        if (qos > 0)
        {
            Assert.Equal(ReasonCode.QuotaExceeded, publisher.Expect(qos == 1 ? PacketType.PubAck : PacketType.PubRec).Reason);
        }

        publisher.Keep("first", "replaced", 1);
        Assert.Equal(qos > 0 ? ["1", "replaced"] : ["1", "2", "replaced"], present.DrainTexts());
        Assert.Null(broker.Retained("second"));
        Assert.Equal(1, broker.Dropped(DropReason.RetainedQuota));
    }

    [Theory]
    [InlineData(MqttVersion.V31)]
    [InlineData(MqttVersion.V311)]
    public void A_retained_message_over_the_quota_is_routed_and_not_kept_for_3x(MqttVersion version)
    {
        BrokerHarness broker = new(options: BrokerHarness.Options with { RetainedBytesMax = 2000 });
        TestClient present = broker.Subscriber("present", "#");
        TestClient publisher = broker.Connect("p", version);
        publisher.Keep("t", new string('x', 3000), 1);
        Assert.Single(present.Drain());
        Assert.Null(broker.Retained("t"));
        Assert.Equal(1, broker.Dropped(DropReason.RetainedQuota));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Thousands_of_retained_messages_come_once_each_at_the_pace_of_the_window(int qos)
    {
        BrokerHarness broker = new();
        PublishMany(broker, 3000);
        TestClient subscriber = broker.ConnectLimited("s", receiveMaximum: 10);
        subscriber.SendSubscribe(1, 3, subscriber.Filter("many/+", qos));
        subscriber.Expect(PacketType.SubAck);
        List<ReceivedPacket> got = subscriber.ReadAll();
        Assert.Equal(qos == 0 ? 3000 : 10, got.Count);
        got.ForEach(subscriber.AnswerDelivery);
        got.AddRange(subscriber.Drain());
        Assert.Equal(3000, got.Select(packet => packet.Topic).Distinct().Count());
        Assert.Equal(3000, got.Count(packet => packet.Type == PacketType.Publish));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void What_a_persistent_session_has_not_got_of_the_retained_messages_comes_after_a_disconnect(int qos)
    {
        BrokerHarness broker = new();
        PublishMany(broker, 300);
        TestClient subscriber = broker.Open();
        ConnectPacket connect = subscriber.NewConnect("s", false, uint.MaxValue);
        connect.ReceiveMaximum = 7;
        subscriber.Connect(connect);
        subscriber.SendSubscribe(1, 0, subscriber.Filter("many/+", qos));
        subscriber.Expect(PacketType.SubAck);
        HashSet<string> topics = [.. subscriber.ReadAll().Select(packet => packet.Topic)];
        Assert.Equal(7, topics.Count);
        subscriber.Cut();
        topics.UnionWith(broker.Resume("s").Drain().Select(packet => packet.Topic));
        Assert.Equal(300, topics.Count);
    }

    [Fact]
    public void A_retained_message_replaced_before_its_turn_comes_as_the_new_one_only()
    {
        BrokerHarness broker = new();
        PublishMany(broker, 20);
        TestClient subscriber = broker.ConnectLimited("s", receiveMaximum: 1);
        subscriber.SendSubscribe(1, 0, subscriber.Filter("many/+", 1));
        subscriber.Expect(PacketType.SubAck);
        ReceivedPacket first = subscriber.Expect(PacketType.Publish);
        TestClient publisher = broker.Connect("p");
        for (int i = 0; i < 20; i++)
        {
            publisher.Keep($"many/{i}", "new", 1);
        }

        subscriber.AnswerDelivery(first);
        Assert.Equal(Enumerable.Repeat("new", 20), subscriber.DrainTexts());
        Assert.Equal(19, broker.Dropped(DropReason.RetainedSuperseded));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Retained_messages_come_once_to_a_client_that_takes_aliases(int qos)
    {
        BrokerHarness broker = new();
        PublishMany(broker, 50);
        TestClient subscriber = broker.ConnectLimited("s", aliasMaximum: 10);
        subscriber.SendSubscribe(1, 0, subscriber.Filter("many/+", qos));
        subscriber.Expect(PacketType.SubAck);
        Assert.Equal(50, subscriber.Drain().Count);
    }

    [Fact]
    public void A_subscription_taken_back_brings_no_more_retained_messages()
    {
        BrokerHarness broker = new();
        PublishMany(broker, 20);
        TestClient subscriber = broker.ConnectLimited("s", receiveMaximum: 1);
        subscriber.SendSubscribe(1, 0, subscriber.Filter("many/+", 1));
        subscriber.Expect(PacketType.SubAck);
        ReceivedPacket first = subscriber.Expect(PacketType.Publish);
        subscriber.SendUnsubscribe(2, "many/+");
        subscriber.Expect(PacketType.UnsubAck);
        subscriber.AnswerDelivery(first);
        subscriber.ExpectNothing();
    }

    [Fact]
    [Statement("MQTT-4.7.2-1")]
    public void A_filter_that_begins_with_a_wildcard_gets_nothing_retained_under_a_dollar()
    {
        BrokerHarness broker = new();
        TestClient publisher = broker.Connect("p");
        publisher.Keep("$own/t", "x", 1);
        broker.Subscriber("all", "#").ExpectNothing();
        broker.Subscriber("plus", "+/t").ExpectNothing();
        broker.Subscriber("named", "$own/#").ExpectPublish("$own/t", "x");
        TestClient all = broker.Subscriber("all again", "#");
        publisher.PublishWhole("$own/t", "y", 1);
        all.ExpectNothing();
    }

    [Fact]
    [Statement("U5-29")]
    public void A_retained_message_carries_the_identifier_of_the_subscription()
    {
        BrokerHarness broker = new();
        broker.Connect("p").Keep("t", "x", 1);
        TestClient subscriber = broker.Connect("s");
        subscriber.SendSubscribe(1, 268_435_455, subscriber.Filter("t", 1));
        subscriber.Expect(PacketType.SubAck);
        Assert.Equal([268_435_455u], subscriber.ExpectPublish("t", "x").SubscriptionIdentifiers);
    }

    [Theory]
    [MemberData(nameof(BrokerHarness.Versions), MemberType = typeof(BrokerHarness))]
    [Statement("MQTT-3.2.2-14")]
    public void RETAIN_is_refused_where_it_is_not_available(MqttVersion version)
    {
        BrokerHarness broker = new(options: BrokerHarness.Options with { RetainAvailable = false });
        TestClient publisher = broker.Connect("p", version);
        publisher.Publish("t", "x", retain: true);
        publisher.ExpectEnd(ReasonCode.RetainNotSupported);
    }

    [Fact]
    public void A_retained_message_is_recorded_before_it_is_acknowledged()
    {
        BrokerHarness broker = BrokerHarness.OnDelayedStore(out DelayedStore store);
        TestClient publisher = broker.Connect("p");
        store.IsImmediate = false;
        publisher.Publish("t", "x", 1, 1, retain: true);
        publisher.ExpectNothing();
        store.Commit();
        publisher.Expect(PacketType.PubAck);
        publisher.Publish("t", "", 2, 2, retain: true);
        publisher.ExpectNothing();
        store.Commit();
        publisher.Expect(PacketType.PubRec);
        StoredRecord[] records = [.. store.Of(Ports.StoreRecordKind.Message)];
        Assert.Equal(["x", ""], records.Select(record => record.Payload));
        Assert.True(records[0].RetainedRevision < records[1].RetainedRevision);
    }

    private static void PublishMany(BrokerHarness broker, int count)
    {
        TestClient publisher = broker.Connect("many");
        for (int i = 0; i < count; i++)
        {
            publisher.Send(new PublishPacket
            {
                Topic = Encoding.UTF8.GetBytes($"many/{i}"),
                Payload = "old"u8,
                Qos = QualityOfService.ExactlyOnce,
                PacketIdentifier = (ushort)(1 + i),
                Retain = true,
            });
            publisher.PubRel(1 + i);
        }

        Assert.Equal(2 * count, publisher.ReadAll().Count);
        publisher.Disconnect();
    }
}
