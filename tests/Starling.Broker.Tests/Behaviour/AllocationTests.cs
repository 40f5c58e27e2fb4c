using Starling.Protocol;

namespace Starling.Broker.Tests.Behaviour;

/// <summary>A message on its way allocates nothing once everything is warm.</summary>
public sealed class AllocationTests
{
    private const int Subscribers = 10;
    private const int Messages = 100;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_message_to_ten_subscribers_allocates_nothing(int qos)
    {
        BrokerHarness broker = new();
        TestClient[] subscribers = [.. Enumerable.Range(0, Subscribers).Select(i => broker.Subscriber($"s{i}", "t/+", qos))];
        TestClient publisher = broker.Connect("p");
        for (int i = 0; i < 20; i++)
        {
            Cycle(broker, publisher, subscribers, qos, 1 + Messages);
            Cycle(broker, publisher, subscribers, qos, 1);
        }

        // What an iteration of the loops allocates by itself, they allocate for one message and for many.
        long one = Cycle(broker, publisher, subscribers, qos, 1);
        long many = Cycle(broker, publisher, subscribers, qos, 1 + Messages);
        Assert.Equal(0, many - one);
    }

    private static long Cycle(BrokerHarness broker, TestClient publisher, TestClient[] subscribers, int qos, int messages)
    {
        for (int i = 1; i <= messages; i++)
        {
            publisher.Publish("t/x", "a message of the usual length", qos, qos == 0 ? 0 : i);
        }

        long allocated = Run(broker);
        foreach (TestClient subscriber in subscribers)
        {
            byte[] bytes = subscriber.Peer.Read();
            int count = 0;
            while (ReceivedPacket.TryTake(ref bytes, MqttVersion.V5) is { } packet)
            {
                subscriber.AnswerDelivery(packet);
                count++;
            }

            Assert.Equal(messages, count);
        }

        publisher.Peer.Read();
        return allocated + Run(broker);
    }

    private static long Run(BrokerHarness broker)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 5; i++)
        {
            broker.Group.Loops[0].RunIteration();
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
