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
        AssertNothingIsAllocated(new Parties(broker, broker.Connect("p"), subscribers, static () => { }), qos);
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
        AssertNothingIsAllocated(new Parties(broker, Persistent(broker, store, "p", "none", qos), subscribers, store.Commit), qos);
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

    private static void AssertNothingIsAllocated(Parties parties, int qos)
    {
        for (int i = 0; i < 20; i++)
        {
            Cycle(parties, qos, 1 + Messages);
            Cycle(parties, qos, 1);
        }

        // What an iteration of the loops allocates by itself, they allocate for one message and for many.
        long one = Cycle(parties, qos, 1);
        long many = Cycle(parties, qos, 1 + Messages);
        Assert.Equal(0, many - one);
    }

    private static long Cycle(Parties parties, int qos, int messages)
    {
        for (int i = 1; i <= messages; i++)
        {
            parties.Publisher.Publish("t/x", "a message of the usual length", qos, qos == 0 ? 0 : i);
        }

        long allocated = Run(parties);
        Assert.All(parties.Subscribers, subscriber => Assert.Equal(messages, Answer(subscriber)));
        for (int i = 1; qos == 2 && i <= messages; i++)
        {
            parties.Publisher.PubRel(i);
        }

        allocated += Run(parties);
        Assert.All(parties.Subscribers, subscriber => Assert.Equal(0, Answer(subscriber)));
        parties.Publisher.Peer.Read();
        return allocated + Run(parties);
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

    private static long Run(Parties parties)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 3; i++)
        {
            parties.Broker.Group.Loops[0].RunIteration();
            parties.Commit();
            parties.Broker.Group.Loops[0].RunIteration();
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private sealed record Parties(BrokerHarness Broker, TestClient Publisher, TestClient[] Subscribers, Action Commit);
}
