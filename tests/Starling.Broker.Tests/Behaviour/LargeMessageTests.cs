using Starling.Protocol;

namespace Starling.Broker.Tests.Behaviour;

/// <summary>Messages that are sent from where they are stored, without a copy for each subscriber.</summary>
public sealed class LargeMessageTests
{
    private const int PayloadBytes = 100_000;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Every_subscriber_gets_it_whole_however_slowly_it_reads(int qos)
    {
        BrokerHarness broker = new(2);
        TestClient[] subscribers =
        [
            broker.Subscriber("a", "t", qos), broker.Subscriber("b", "t", qos, MqttVersion.V311), broker.Subscriber("c", "t", qos), broker.Subscriber("d", "#", qos),
        ];
        Array.ForEach(subscribers, subscriber => subscriber.Peer.AcceptBytesMax = 7_001);
        TestClient publisher = broker.Connect("p");
        string[] expected = [.. Enumerable.Range(1, 5).Select(i => new string((char)('a' + i), PayloadBytes + i))];
        for (int i = 1; i <= expected.Length; i++)
        {
            publisher.Publish("t", expected[i - 1], qos, qos == 0 ? 0 : i);
        }

        broker.Run();
        Array.ForEach(subscribers, subscriber => subscriber.Peer.AcceptBytesMax = int.MaxValue);
        Assert.All(subscribers, subscriber => Assert.Equal(expected, subscriber.DrainTexts()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Its_memory_is_one_block_while_slow_subscribers_hold_it_and_none_afterwards(int qos)
    {
        BrokerHarness broker = new();
        TestClient[] subscribers = [.. Enumerable.Range(0, 8).Select(i => broker.Subscriber($"s{i}", "t", qos))];
        TestClient publisher = broker.Connect("p");
        publisher.Publish("t", "small", qos, qos);
        broker.Run();
        Array.ForEach(subscribers, subscriber => subscriber.Drain());
        Array.ForEach(subscribers, subscriber => subscriber.Peer.AcceptBytesMax = 0);
        long before = broker.Group.Budget.UsedBytes;
        publisher.Publish("t", new string('x', PayloadBytes), qos, 2 * qos);
        broker.Run();

        Assert.InRange(broker.Group.Budget.UsedBytes - before, PayloadBytes, 2 * PayloadBytes);
        subscribers[0].Cut();
        foreach (TestClient subscriber in subscribers[1..])
        {
            subscriber.Peer.AcceptBytesMax = int.MaxValue;
            Assert.Single(subscriber.DrainTexts());
        }

        broker.PassSeconds(10);
        Assert.InRange(broker.Group.Budget.UsedBytes, 0, before + 4096);
    }
}
