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
    [InlineData(2)]
    public void A_message_to_ten_subscribers_allocates_nothing(int qos)
    {
        BrokerHarness broker = new();
        TestClient[] subscribers = [.. Enumerable.Range(0, Subscribers).Select(i => broker.Subscriber($"s{i}", "t/+", qos))];
        AssertNothingIsAllocated(broker, broker.Connect("p"), subscribers, qos, static () => { });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_message_that_waits_for_storage_allocates_nothing(int qos)
    {
        ForgetfulStore store = new();
        BrokerHarness broker = new(1, null, new BrokerPorts { Store = store });
        store.Commit();
        TestClient[] subscribers = [.. Enumerable.Range(0, Subscribers).Select(i => Persistent(broker, store, $"s{i}", "t/+", qos))];
        AssertNothingIsAllocated(broker, Persistent(broker, store, "p", "none", qos), subscribers, qos, store.Commit);
    }

    private static TestClient Persistent(BrokerHarness broker, ForgetfulStore store, string clientIdentifier, string filter, int qos)
    {
        TestClient client = broker.Open();
        client.Send(client.NewConnect(clientIdentifier, cleanStart: true, expiry: 1000));
        broker.Run();
        store.Commit();
        broker.Run();
        client.Expect(PacketType.ConnAck);
        client.SendSubscribe(1, 0, client.Filter(filter, qos));
        broker.Run();
        store.Commit();
        broker.Run();
        client.Expect(PacketType.SubAck);
        return client;
    }

    private static void AssertNothingIsAllocated(BrokerHarness broker, TestClient publisher, TestClient[] subscribers, int qos, Action commit)
    {
        for (int i = 0; i < 20; i++)
        {
            Cycle(broker, publisher, subscribers, qos, 1 + Messages, commit);
            Cycle(broker, publisher, subscribers, qos, 1, commit);
        }

        // What an iteration of the loops allocates by itself, they allocate for one message and for many.
        long one = Cycle(broker, publisher, subscribers, qos, 1, commit);
        long many = Cycle(broker, publisher, subscribers, qos, 1 + Messages, commit);
        Assert.Equal(0, many - one);
    }

    private static long Cycle(BrokerHarness broker, TestClient publisher, TestClient[] subscribers, int qos, int messages, Action commit)
    {
        for (int i = 1; i <= messages; i++)
        {
            publisher.Publish("t/x", "a message of the usual length", qos, qos == 0 ? 0 : i);
        }

        long allocated = Run(broker, commit);
        Assert.All(subscribers, subscriber => Assert.Equal(messages, Answer(subscriber)));
        for (int i = 1; qos == 2 && i <= messages; i++)
        {
            publisher.PubRel(i);
        }

        allocated += Run(broker, commit);
        Assert.All(subscribers, subscriber => Assert.Equal(0, Answer(subscriber)));
        publisher.Peer.Read();
        return allocated + Run(broker, commit);
    }

    /// <summary>Answers what has come, and counts the messages.</summary>
    private static int Answer(TestClient subscriber)
    {
        byte[] bytes = subscriber.Peer.Read();
        int count = 0;
        while (ReceivedPacket.TryTake(ref bytes, MqttVersion.V5) is { } packet)
        {
            subscriber.AnswerDelivery(packet);
            count += packet.Type == PacketType.Publish ? 1 : 0;
        }

        return count;
    }

    private static long Run(BrokerHarness broker, Action commit)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 3; i++)
        {
            broker.Group.Loops[0].RunIteration();
            commit();
            broker.Group.Loops[0].RunIteration();
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
