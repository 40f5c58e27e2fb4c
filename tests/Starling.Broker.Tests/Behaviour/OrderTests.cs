using System.Text;
using Starling.Broker.Shards;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Broker.Tests.Behaviour;

/// <summary>Order of the messages of one publisher, and that nothing is lost between shards.</summary>
public sealed class OrderTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [Statement("MQTT-4.6.0-5")]
    [Statement("MQTT-4.6.0-6")]
    public void Ten_thousand_messages_of_one_publisher_keep_their_order_on_every_shard(int qos)
    {
        BrokerHarness broker = new(2, BrokerHarness.Options with { ReceiveMaximum = ushort.MaxValue });
        TestClient[] subscribers =
        [
            broker.Subscriber(broker.NameOn(0), "t", qos),
            broker.Subscriber(broker.NameOn(1), "t", qos),
            broker.Persistent(broker.NameOn(1, 1), "t", qos, MqttVersion.V311),
        ];
        TestClient publisher = broker.Connect(broker.NameOn(0, 2));
        for (int i = 1; i <= 10_000; i++)
        {
            publisher.Publish("t", $"{i}", qos, qos == 0 ? 0 : i);
            if (i % 97 == 0)
            {
                broker.Group.RunIteration();
            }
        }

        string[] expected = [.. Enumerable.Range(1, 10_000).Select(i => $"{i}")];
        Assert.All(subscribers, subscriber => Assert.Equal(expected, subscriber.DrainTexts()));
    }

    [Fact]
    public void A_full_mailbox_pauses_those_who_feed_it_and_loses_nothing()
    {
        BrokerHarness broker = new(2);
        TestClient subscriber = broker.Subscriber(broker.NameOn(1), "t", 1);
        TestClient publisher = broker.Connect(broker.NameOn(0, 1));
        byte[] payload = Encoding.UTF8.GetBytes(new string('x', 100_000));
        for (int i = 1; i <= 400; i++)
        {
            publisher.Send(new PublishPacket
            {
                Topic = "t"u8,
                Payload = payload,
                Qos = QualityOfService.AtLeastOnce,
                PacketIdentifier = (ushort)i,
            });
        }

        Mailbox box = broker.Engine.MailboxOf(0, 1);
        for (int i = 0; i < 1000; i++)
        {
            broker.Group.Loops[0].RunIteration();
        }

        Assert.InRange(box.Bytes, box.BytesMax, box.BytesMax + (1 << 20));
        broker.PassMilliseconds(100);
        Assert.Equal(400, publisher.ReadAll().Count);
        Assert.Equal(400, subscriber.Drain().Count);
        Assert.Equal(0, box.Bytes);
    }

    [Fact]
    public void A_publisher_whose_messages_stay_on_its_shard_is_not_held_by_a_full_mailbox_for_ever()
    {
        BrokerHarness broker = new(2);
        broker.Subscriber(broker.NameOn(1), "far", 0);
        TestClient near = broker.Subscriber(broker.NameOn(0), "near", 0);
        TestClient publisher = broker.Connect(broker.NameOn(0, 1));
        TestClient other = broker.Connect(broker.NameOn(0, 2));
        string payload = new('x', 1_000_000);
        for (int i = 0; i < 20; i++)
        {
            publisher.Publish("far", payload);
        }

        other.Publish("near", "x");
        for (int i = 0; i < 500; i++)
        {
            broker.Group.Loops[0].RunIteration();
        }

        other.Publish("near", "y");
        broker.PassMilliseconds(50);
        Assert.Equal(["x", "y"], near.DrainTexts());
    }

    [Fact]
    public void A_burst_with_many_deliveries_lets_others_in_between()
    {
        BrokerHarness broker = new(options: BrokerHarness.Options);
        TestClient[] subscribers = [.. Enumerable.Range(0, 300).Select(i => broker.Subscriber($"s{i}", "t", 0))];
        TestClient publisher = broker.Connect("p");
        TestClient other = broker.Connect("other");
        for (int i = 0; i < 1000; i++)
        {
            publisher.Publish("t", "");
        }

        other.Ping();
        broker.Group.RunIteration();
        Assert.True(other.Peer.AvailableBytes > 0);
        Assert.True(subscribers[0].Peer.AvailableBytes < 1000 * 5);
        Assert.All(subscribers, subscriber => Assert.Equal(1000, subscriber.Drain().Count));
    }
}
