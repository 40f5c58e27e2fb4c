using Starling.Protocol;

namespace Starling.Broker.Tests.Behaviour;

public sealed class SubscribeAndUnsubscribeTests
{
    [Theory]
    [InlineData(0, new byte[] { 0, 0, 0 })]
    [InlineData(1, new byte[] { 0, 1, 1 })]
    [InlineData(2, new byte[] { 0, 1, 2 })]
    [Statement("MQTT-3.2.2-10"), Statement("MQTT-3.9.3-1"), Statement("MQTT-3.8.4-5"), Statement("MQTT311-3.8.4-4")]
    public void A_lower_Maximum_QoS_is_granted_to_each_filter_and_refuses_none(int maximumQos, byte[] codes)
    {
        BrokerHarness broker = new(options: BrokerHarness.Options with { MaximumQos = (QualityOfService)maximumQos });
        TestClient client = broker.Connect("c");
        client.SendSubscribe(3, 0, client.Filter("a", 0), client.Filter("b", 1), client.Filter("c", 2));
        ReceivedPacket subAck = client.Expect(PacketType.SubAck);
        Assert.Equal(3, subAck.PacketIdentifier);
        Assert.Equal(codes, subAck.Codes);
        client.ExpectNothing();
    }

    [Fact, Statement("MQTT-3.8.4-3"), Statement("MQTT311-3.8.4-3"), Statement("U5-28")]
    public void The_same_filter_again_replaces_options_and_identifier()
    {
        BrokerHarness broker = new();
        TestClient client = broker.Connect("c");
        client.SendSubscribe(1, 5, client.Filter("t", 0));
        client.SendSubscribe(2, 0, client.Filter("t", 1, noLocal: true));
        client.Expect(PacketType.SubAck);
        client.Expect(PacketType.SubAck);
        client.Publish("t", "own");
        client.ExpectNothing();
        broker.Connect("publisher").Publish("t", "x", 2, 1);
        ReceivedPacket packet = client.ExpectPublish("t", "x");
        Assert.Equal(QualityOfService.AtLeastOnce, packet.Qos);
        Assert.Empty(packet.SubscriptionIdentifiers);
        client.ExpectNothing();
        Assert.Equal(1, broker.Counters.SubscriptionsNow);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [Statement("MQTT-3.8.4-4")]
    public void A_replacement_loses_no_message_and_brings_the_retained_one_again(int shards)
    {
        BrokerHarness broker = new(shards);
        TestClient publisher = broker.Connect(broker.NameOn(0));
        publisher.Publish("t", "kept", retain: true);
        TestClient client = broker.Connect(broker.NameOn(shards - 1, 1));
        client.Subscribe("t", 1);
        client.ExpectPublish("t", "kept");
        for (int i = 1; i <= 20; i++)
        {
            publisher.Publish("t", $"{i}");
            if (i % 5 == 0)
            {
                client.SendSubscribe(i, 0, client.Filter("t", i % 3));
            }

            if (i % 2 == 0)
            {
                broker.Run();
            }
        }

        ReceivedPacket[] messages = [.. client.ReadAll().Where(packet => packet.Type == PacketType.Publish)];
        Assert.Equal(Enumerable.Range(1, 20).Select(i => $"{i}"), messages.Where(packet => packet.Text != "kept").Select(packet => packet.Text));
        Assert.Equal(4, messages.Count(packet => packet.Text == "kept" && packet.Retain));
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    [Statement("MQTT-3.10.4-1"), Statement("MQTT311-3.10.4-1"), Statement("U5-37"), Statement("MQTT-3.10.4-5"), Statement("MQTT-3.10.4-2")]
    [Statement("MQTT311-3.10.4-4"), Statement("MQTT311-3.10.4-5")]
    public void Unsubscribing_compares_filters_character_by_character(MqttVersion version)
    {
        BrokerHarness broker = new();
        TestClient client = broker.Subscriber("c", "a/#", 0, version);
        TestClient publisher = broker.Connect("publisher");
        client.SendUnsubscribe(7, "a/b", "A/#", "a/+");
        ReceivedPacket unsubAck = client.Expect(PacketType.UnsubAck);
        Assert.Equal(7, unsubAck.PacketIdentifier);
        Assert.Equal(version == MqttVersion.V5 ? [0x11, 0x11, 0x11] : [], unsubAck.Codes);
        publisher.Publish("a/b", "1");
        client.ExpectPublish("a/b", "1");
        client.SendUnsubscribe(8, "x", "a/#");
        Assert.Equal(version == MqttVersion.V5 ? [0x11, 0x00] : [], client.Expect(PacketType.UnsubAck).Codes);
        publisher.Publish("a/b", "2");
        client.ExpectNothing();
        Assert.Equal(0, broker.Counters.SubscriptionsNow);
    }

    [Fact, Statement("U5-33")]
    public void A_shared_subscription_gets_no_retained_messages()
    {
        BrokerHarness broker = new();
        broker.Connect("publisher").Publish("t", "kept", 1, 1, retain: true);
        broker.Run();
        TestClient client = broker.Connect("c");
        client.SendSubscribe(1, 0, client.Filter("$share/g/t", 1));
        Assert.Equal([1], client.Expect(PacketType.SubAck).Codes);
        client.ExpectNothing();
    }

    [Theory]
    [InlineData(MqttVersion.V311, 0x80)]
    [InlineData(MqttVersion.V5, 0x97)]
    public void More_subscriptions_than_allowed_are_refused_and_a_replacement_is_none(MqttVersion version, int refused)
    {
        BrokerHarness broker = new(options: BrokerHarness.Options with { SubscriptionsPerSessionMax = 2 });
        TestClient client = broker.Connect("c", version);
        client.SendSubscribe(1, 0, client.Filter("a"), client.Filter("b"), client.Filter("c"), client.Filter("a", 1));
        Assert.Equal([0, 0, (byte)refused, 1], client.Expect(PacketType.SubAck).Codes);
    }

    [Theory]
    [InlineData("a/#/b")]
    [InlineData("b+")]
    [Statement("MQTT31-5")]
    public void A_client_of_3_1_hears_of_a_refused_filter_by_the_close(string filter)
    {
        BrokerHarness broker = new();
        TestClient client = broker.Connect("c", MqttVersion.V31);
        client.SendSubscribe(1, 0, client.Filter("good", 2));
        Assert.Equal([2], client.Expect(PacketType.SubAck).Codes);
        client.SendSubscribe(2, 0, client.Filter(filter, 2));
        client.ExpectClosed();
    }
}
