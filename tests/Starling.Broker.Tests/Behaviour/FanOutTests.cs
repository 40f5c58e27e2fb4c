using Starling.Broker.Diagnostics;
using Starling.Protocol;

namespace Starling.Broker.Tests.Behaviour;

/// <summary>QoS 0 to many subscribers, whose connections have their output in common for one iteration.</summary>
public sealed class FanOutTests
{
    [Theory]
    [MemberData(nameof(BrokerHarness.ShardCounts), MemberType = typeof(BrokerHarness))]
    public void Subscribers_of_every_kind_get_every_message_in_order(int shards)
    {
        BrokerHarness broker = new(shards);
        TestClient[] subscribers =
        [
            broker.Subscriber("a", "t/1"), broker.Subscriber("b", "t/1", 0, MqttVersion.V311), broker.Subscriber("c", "t/+"), broker.Subscriber("d", "#"),
            broker.Subscriber("e", "t/1", 1), broker.Subscriber("f", "t/1", 2, MqttVersion.V31), broker.Subscriber("g", "t/1", 0, MqttVersion.V311),
        ];
        TestClient overlapping = broker.Subscriber("h", "t/1");
        overlapping.Subscribe("t/+");
        TestClient publisher = broker.Connect("p");
        string[] expected = [.. Enumerable.Range(1, 200).Select(i => $"{i}")];
        for (int i = 1; i <= expected.Length; i++)
        {
            publisher.Publish("t/1", $"{i}", i % 3, i % 3 == 0 ? 0 : i);
        }

        broker.Run();
        Assert.All(subscribers, subscriber => Assert.Equal(expected, subscriber.DrainTexts()));
        Assert.Equal(expected, overlapping.DrainTexts());
    }

    [Fact]
    public void Own_packets_keep_their_place_between_those_of_all()
    {
        BrokerHarness broker = new();
        TestClient[] subscribers = [broker.Subscriber("a", "all"), broker.Subscriber("b", "all"), broker.Subscriber("c", "all")];
        subscribers[0].Subscribe("own", 0, 2);
        TestClient publisher = broker.Connect("p");
        publisher.Publish("all", "1");
        publisher.Publish("own", "2");
        publisher.Publish("all", "3");
        broker.Run();

        Assert.Equal(["1", "2", "3"], subscribers[0].DrainTexts());
        Assert.Equal(["1", "3"], subscribers[1].DrainTexts());
    }

    [Fact]
    public void One_who_comes_back_within_the_iteration_gets_what_is_published_after()
    {
        BrokerHarness broker = new();
        broker.Subscriber("a", "t");
        broker.Subscriber("d", "t");
        TestClient staying = broker.Subscriber("b", "t");
        TestClient leaving = broker.Persistent("c", "t", 0);
        TestClient publisher = broker.Connect("p");
        TestClient again = broker.Open();
        publisher.Publish("t", "1");
        leaving.Disconnect();
        again.Send(again.NewConnect("c", cleanStart: false, expiry: 100));
        TestClient second = broker.Connect("q");
        second.Publish("t", "2");
        broker.Run();

        Assert.Equal(["1", "2"], staying.DrainTexts());
        again.Expect(PacketType.ConnAck);
        Assert.InRange(again.DrainTexts().Count(text => text == "2"), 0, 1);
        second.Publish("t", "3");
        broker.Run();
        Assert.Equal(["3"], again.DrainTexts());
    }

    [Fact]
    public void One_that_unsubscribes_gets_no_more_while_the_others_do()
    {
        BrokerHarness broker = new();
        broker.Subscriber("d", "t");
        TestClient[] subscribers = [broker.Subscriber("a", "t"), broker.Subscriber("b", "t"), broker.Subscriber("c", "t")];
        TestClient publisher = broker.Connect("p");
        publisher.Publish("t", "1");
        broker.Run();
        subscribers[0].SendUnsubscribe(9, "t");
        broker.Run();
        publisher.Publish("t", "2");
        broker.Run();

        Assert.Equal(["1"], subscribers[0].DrainTexts());
        Assert.Equal(["1", "2"], subscribers[1].DrainTexts());
        Assert.Equal(["1", "2"], subscribers[2].DrainTexts());
    }

    [Fact]
    public void What_is_sent_to_all_is_counted_for_each()
    {
        BrokerHarness broker = new();
        broker.Subscriber("a", "t");
        broker.Subscriber("b", "t");
        broker.Subscriber("c", "t");
        broker.Absent("away", "t", 0);
        long before = broker.Counters.PublishSent;
        broker.Connect("p").Publish("t", "1");
        broker.Run();

        Assert.Equal(3, broker.Counters.PublishSent - before);
        Assert.Equal(1, broker.Dropped(DropReason.ClientAbsent));
    }

    [Fact]
    public void A_packet_too_large_for_one_still_goes_to_the_others()
    {
        BrokerHarness broker = new();
        TestClient small = broker.ConnectLimited("small", packetBytesMax: 30);
        small.Subscribe("t");
        TestClient[] others = [broker.Subscriber("a", "t"), broker.Subscriber("b", "t")];
        TestClient publisher = broker.Connect("p");
        publisher.Publish("t", new string('x', 100));
        publisher.Publish("t", "short");
        broker.Run();

        Assert.Equal(["short"], small.DrainTexts());
        Assert.All(others, other => Assert.Equal([new string('x', 100), "short"], other.DrainTexts()));
        Assert.Equal(1, broker.Dropped(DropReason.PacketTooLarge));
    }

    [Fact]
    public void What_waited_behind_much_shared_output_is_sent_when_that_is()
    {
        BrokerHarness broker = new();
        TestClient[] subscribers = [broker.Subscriber("a", "all"), broker.Subscriber("b", "all"), broker.Subscriber("c", "all")];
        subscribers[0].Subscribe("own", 1, 2);
        TestClient[] publishers = [.. Enumerable.Range(0, 200).Select(i => broker.Connect($"p{i}"))];
        string payload = new('x', 10_000);

        // All in one iteration: more than the output takes before it is held.
        foreach (TestClient publisher in publishers)
        {
            publisher.Publish("all", payload);
        }

        TestClient last = broker.Connect("last");
        last.Publish("own", "not held", 1, 1);
        broker.Run();
        last.Publish("own", "nor this", 1, 2);
        broker.Run();

        string[] texts = subscribers[0].DrainTexts();
        Assert.Equal(publishers.Length, texts.Count(text => text == payload));
        Assert.Equal(["not held", "nor this"], texts.Where(text => text != payload));
        Assert.Equal(0, broker.Dropped(DropReason.OutputFull));
    }

    [Fact]
    public void Topics_that_alternate_lose_nothing_of_one_who_gets_them_all()
    {
        BrokerHarness broker = new();
        TestClient logger = broker.Subscriber("logger", "#");
        for (int i = 0; i < 10; i++)
        {
            broker.Subscriber($"a{i}", $"t/{i}");
            broker.Subscriber($"b{i}", $"t/{i}");
        }

        TestClient[] publishers = [.. Enumerable.Range(0, 100).Select(i => broker.Connect($"p{i}"))];
        string payload = new('x', 1000);
        for (int i = 0; i < 50; i++)
        {
            foreach (TestClient publisher in publishers)
            {
                publisher.Publish($"t/{i % 10}", payload);
            }
        }

        broker.Run();
        Assert.Equal(5000, logger.Drain().Count);
        Assert.Equal(0, broker.Dropped(DropReason.OutputFull));
    }

    [Fact]
    public void Options_that_change_between_two_messages_of_an_iteration_hold_for_the_second()
    {
        BrokerHarness broker = new();
        broker.Subscriber("a", "t");
        broker.Subscriber("b", "t");
        TestClient client = broker.Subscriber("c", "t");
        client.Publish("t", "1");
        client.SendSubscribe(2, 7, client.Filter("t", 0));
        client.Publish("t", "2");
        broker.Run();

        List<ReceivedPacket> publishes = [.. client.Drain().Where(packet => packet.Type == PacketType.Publish)];
        Assert.Equal(["1", "2"], publishes.Select(packet => packet.Text));
        Assert.Empty(publishes[0].SubscriptionIdentifiers);
        Assert.Equal([7u], publishes[1].SubscriptionIdentifiers);
    }
}
