using Starling.Broker.Diagnostics;
using Starling.Protocol;

namespace Starling.Broker.Tests.Behaviour;

/// <summary>QoS of deliveries, and the exchanges of QoS 1 and 2 in both directions.</summary>
public sealed class QosTests
{
    public static TheoryData<int, int, MqttVersion> Matrix
    {
        get
        {
            TheoryData<int, int, MqttVersion> matrix = [];
            foreach (MqttVersion version in new[] { MqttVersion.V31, MqttVersion.V311, MqttVersion.V5 })
            {
                for (int i = 0; i < 9; i++)
                {
                    matrix.Add(i / 3, i % 3, version);
                }
            }

            return matrix;
        }
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    [Statement("MQTT-3.8.4-8")]
    [Statement("MQTT-3.3.4-1")]
    [Statement("MQTT-3.3.2-3")]
    public void A_message_comes_at_the_smaller_of_published_and_granted_QoS(int published, int granted, MqttVersion version)
    {
        BrokerHarness broker = new();
        TestClient subscriber = broker.Connect("s", version);
        Assert.Equal([(byte)granted], subscriber.Subscribe("a/b", granted).Codes);
        TestClient publisher = broker.Connect("p", version);
        publisher.PublishWhole("a/b", "x", published, 7);
        publisher.PublishWhole("a/c", "not asked for", published, 8);
        ReceivedPacket delivery = subscriber.ExpectPublish("a/b", "x");
        Assert.Equal((QualityOfService)Math.Min(published, granted), delivery.Qos);
        Assert.Equal(delivery.Qos == QualityOfService.AtMostOnce, delivery.PacketIdentifier == 0);
        Assert.False(delivery.Duplicate);
        subscriber.AnswerDelivery(delivery);
        Assert.Empty(subscriber.Drain());
        publisher.ExpectNothing();
    }

    [Theory]
    [MemberData(nameof(BrokerHarness.Versions), MemberType = typeof(BrokerHarness))]
    [Statement("MQTT-4.3.3-4")]
    [Statement("MQTT-2.2.1-5")]
    [Statement("MQTT-3.6.2-1")]
    public void A_QoS_2_delivery_goes_on_with_PUBREL_once_PUBREC_has_come(MqttVersion version)
    {
        BrokerHarness broker = new();
        TestClient subscriber = broker.Subscriber("s", "t", 2, version);
        broker.Connect("p").PublishWhole("t", "x", 2);
        ReceivedPacket delivery = subscriber.ExpectPublish("t", "x");
        subscriber.ExpectNothing();
        subscriber.PubRec(delivery.PacketIdentifier);
        Assert.Equal((delivery.PacketIdentifier, ReasonCode.Success), Answer(subscriber.Expect(PacketType.PubRel)));
        subscriber.PubRec(delivery.PacketIdentifier);
        Assert.Equal((delivery.PacketIdentifier, ReasonCode.Success), Answer(subscriber.Expect(PacketType.PubRel)));
        subscriber.PubComp(delivery.PacketIdentifier);
        subscriber.ExpectNothing();
        Assert.Equal(0, broker.Counters.QueuedMessagesNow);
    }

    [Theory]
    [MemberData(nameof(BrokerHarness.Versions), MemberType = typeof(BrokerHarness))]
    [Statement("MQTT-4.3.3-8")]
    [Statement("MQTT-4.3.3-10")]
    [Statement("MQTT-4.3.3-11")]
    [Statement("MQTT-4.3.3-12")]
    public void A_repeated_QoS_2_PUBLISH_is_answered_again_and_delivered_once(MqttVersion version)
    {
        BrokerHarness broker = new();
        TestClient subscriber = broker.Subscriber("s", "t");
        TestClient publisher = broker.Connect("p", version);
        publisher.Publish("t", "x", 2, 9);
        Assert.Equal(9, publisher.Expect(PacketType.PubRec).PacketIdentifier);
        publisher.PublishAgain("t", "x", 2, 9);
        Assert.Equal((9, ReasonCode.Success), Answer(publisher.Expect(PacketType.PubRec)));
        publisher.Publish("t", "x", 2, 9);
        Assert.Equal(9, publisher.Expect(PacketType.PubRec).PacketIdentifier);
        publisher.PubRel(9);
        Assert.Equal((9, ReasonCode.Success), Answer(publisher.Expect(PacketType.PubComp)));
        Assert.Equal(["x"], subscriber.DrainTexts());

        publisher.PublishAgain("t", "new", 2, 9);
        publisher.Expect(PacketType.PubRec);
        Assert.Equal(["new"], subscriber.DrainTexts());
    }

    [Theory]
    [MemberData(nameof(BrokerHarness.Versions), MemberType = typeof(BrokerHarness))]
    [Statement("MQTT-4.3.3-10")]
    public void A_QoS_2_PUBLISH_repeated_on_a_new_connection_is_delivered_once(MqttVersion version)
    {
        BrokerHarness broker = new();
        TestClient subscriber = broker.Subscriber("s", "t");
        TestClient publisher = broker.Open(version);
        publisher.Connect("p", false, 100);
        publisher.Publish("t", "x", 2, 9);
        publisher.Cut();
        publisher = broker.Resume("p", version);
        publisher.PublishAgain("t", "x", 2, 9);
        Assert.Equal((9, ReasonCode.Success), Answer(publisher.Expect(PacketType.PubRec)));
        publisher.PubRel(9);
        Assert.Equal((9, ReasonCode.Success), Answer(publisher.Expect(PacketType.PubComp)));
        Assert.Equal(["x"], subscriber.DrainTexts());
    }

    [Fact]
    [Statement("MQTT-4.3.2-5")]
    public void A_QoS_1_identifier_is_free_after_PUBACK_whatever_DUP_says()
    {
        BrokerHarness broker = new();
        TestClient subscriber = broker.Subscriber("s", "t");
        TestClient publisher = broker.Connect("p");
        publisher.PublishWhole("t", "one", 1, 3);
        publisher.PublishAgain("t", "two", 1, 3);
        Assert.Equal(3, publisher.Expect(PacketType.PubAck).PacketIdentifier);
        Assert.Equal(["one", "two"], subscriber.DrainTexts());
    }

    [Fact]
    [Statement("MQTT-4.3.2-4")]
    public void QoS_1_is_delivered_before_it_is_acknowledged()
    {
        BrokerHarness broker = new();
        TestClient self = broker.Subscriber("s", "t");
        self.Publish("t", "x", 1, 3);
        self.ExpectPublish("t", "x");
        Assert.Equal((3, ReasonCode.Success), Answer(self.Expect(PacketType.PubAck)));
    }

    [Theory]
    [InlineData(PacketType.PubRel, PacketType.PubComp)]
    [InlineData(PacketType.PubRec, PacketType.PubRel)]
    [Statement("U5-40")]
    [Statement("MQTT-3.7.2-1")]
    public void An_unknown_identifier_is_answered_with_0x92_and_not_with_a_close(PacketType sent, PacketType answered)
    {
        BrokerHarness broker = new();
        TestClient client = broker.Connect("c");
        client.Acknowledge(sent, 77);
        Assert.Equal((77, ReasonCode.PacketIdentifierNotFound), Answer(client.Expect(answered)));
        client.ExpectNothing();
    }

    [Theory]
    [InlineData(PacketType.PubAck)]
    [InlineData(PacketType.PubComp)]
    public void PUBACK_and_PUBCOMP_for_an_unknown_identifier_change_nothing(PacketType type)
    {
        BrokerHarness broker = new();
        TestClient client = broker.Subscriber("c", "t", 1);
        client.Acknowledge(type, 77);
        client.ExpectNothing();
        client.PublishWhole("other", "", 1);
        broker.Connect("p").PublishWhole("t", "x", 1);
        client.ExpectPublish("t", "x");
    }

    [Fact]
    public void An_answer_of_the_wrong_kind_does_not_finish_a_delivery()
    {
        BrokerHarness broker = new();
        TestClient client = broker.Subscriber("c", "t", 2);
        TestClient publisher = broker.Connect("p");
        publisher.PublishWhole("t", "two", 2);
        ReceivedPacket delivery = client.ExpectPublish("t", "two");
        client.PubAck(delivery.PacketIdentifier);
        client.PubComp(delivery.PacketIdentifier);
        client.ExpectNothing();
        Assert.Equal(1, broker.Counters.QueuedMessagesNow);
        client.PubRec(delivery.PacketIdentifier);
        Assert.Equal(ReasonCode.Success, client.Expect(PacketType.PubRel).Reason);
    }

    [Fact]
    [Statement("MQTT-4.4.0-2")]
    public void PUBREC_with_an_error_ends_the_delivery_and_frees_its_place()
    {
        BrokerHarness broker = new();
        TestClient subscriber = broker.ConnectLimited("s", receiveMaximum: 1);
        subscriber.Subscribe("t", 2);
        TestClient publisher = broker.Connect("p");
        publisher.PublishWhole("t", "one", 2);
        publisher.PublishWhole("t", "two", 2);
        ReceivedPacket first = subscriber.ExpectPublish("t", "one");
        subscriber.PubRec(first.PacketIdentifier, ReasonCode.QuotaExceeded);
        Assert.Equal(["two"], subscriber.DrainTexts());
        Assert.Equal(1, broker.Dropped(DropReason.RefusedByReceiver));
    }

    [Fact]
    [Statement("MQTT-4.3.3-9")]
    public void After_a_refused_PUBREC_the_identifier_stands_for_a_new_message()
    {
        BrokerHarness broker = new();
        TestClient subscriber = broker.Subscriber("s", "#");
        TestClient publisher = broker.Connect("p");
        publisher.Publish("$SYS/mine", "no", 2, 4);
        Assert.Equal((4, ReasonCode.NotAuthorized), Answer(publisher.Expect(PacketType.PubRec)));
        publisher.PublishWhole("t", "yes", 2, 4);
        Assert.Equal(["yes"], subscriber.DrainTexts());
    }

    [Theory]
    [MemberData(nameof(BrokerHarness.ShardCounts), MemberType = typeof(BrokerHarness))]
    [Statement("MQTT-3.3.1-3")]
    [Statement("MQTT-3.3.1-1")]
    public void DUP_is_never_copied_from_the_publisher(int shards)
    {
        BrokerHarness broker = new(shards);
        TestClient one = broker.Subscriber(broker.NameOn(0), "t", 2);
        TestClient two = broker.Subscriber(broker.NameOn(shards - 1, 1), "t", 1);
        TestClient publisher = broker.Connect("p");
        publisher.PublishAgain("t", "x", 1, 1);
        publisher.PublishAgain("t", "x", 2, 2);
        Assert.All(one.Drain().Concat(two.Drain()), delivery => Assert.False(delivery.Duplicate));
    }

    [Theory]
    [MemberData(nameof(BrokerHarness.Versions), MemberType = typeof(BrokerHarness))]
    [Statement("MQTT-3.3.1-1")]
    [Statement("MQTT-4.4.0-1")]
    [Statement("MQTT-4.6.0-1")]
    [Statement("MQTT-4.3.3-6")]
    public void What_was_not_finished_comes_again_in_order_with_DUP_and_PUBREL_stays_PUBREL(MqttVersion version)
    {
        BrokerHarness broker = new();
        TestClient subscriber = broker.Persistent("s", "t", 2, version);
        TestClient publisher = broker.Connect("p");
        publisher.PublishWhole("t", "one", 1);
        publisher.PublishWhole("t", "two", 2);
        publisher.PublishWhole("t", "three", 2);
        List<ReceivedPacket> before = subscriber.ReadAll();
        subscriber.PubRec(before[1].PacketIdentifier);
        subscriber.Expect(PacketType.PubRel);
        subscriber.Cut();
        subscriber = broker.Resume("s", version);
        List<ReceivedPacket> after = subscriber.ReadAll();
        Assert.Equal([PacketType.Publish, PacketType.PubRel, PacketType.Publish], after.Select(packet => packet.Type));
        Assert.Equal(before.Select(packet => packet.PacketIdentifier), after.Select(packet => packet.PacketIdentifier));
        Assert.True(after[0].Duplicate && after[2].Duplicate);
    }

    private static (int PacketIdentifier, ReasonCode Reason) Answer(ReceivedPacket packet) => (packet.PacketIdentifier, packet.Reason);
}
