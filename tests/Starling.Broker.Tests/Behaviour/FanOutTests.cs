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
            publisher.Publish("t/1", $"{i}", i % 3 == 0 ? 1 : 0, i % 3 == 0 ? i : 0);
        }

        broker.Run();
        Assert.All(subscribers, subscriber => Assert.Equal(expected, subscriber.DrainTexts()));
        Assert.Equal(expected, overlapping.DrainTexts().Distinct());
    }

    [Fact]
    public void Own_packets_keep_their_place_between_those_of_all()
    {
        BrokerHarness broker = new();
        TestClient[] subscribers = [broker.Subscriber("a", "all"), broker.Subscriber("b", "all")];
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
        second.Publish("t", "3");
        broker.Run();
        Assert.Contains("3", again.DrainTexts());
    }

    [Fact]
    public void One_that_unsubscribes_gets_no_more_while_the_others_do()
    {
        BrokerHarness broker = new();
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
        broker.Absent("away", "t", 0);
        long before = broker.Counters.PublishSent;
        broker.Connect("p").Publish("t", "1");
        broker.Run();

        Assert.Equal(2, broker.Counters.PublishSent - before);
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
}
