using Starling.Protocol;

namespace Starling.Broker.Tests.Behaviour;

public sealed class LongWaitTests
{
    [Fact]
    public void One_delivery_that_waits_does_not_hold_a_chunk_of_short_lived_messages()
    {
        BrokerHarness broker = new();
        TestClient slow = broker.Persistent("slow", "rare", 1);
        TestClient quick = broker.Persistent("quick", "often", 1);
        TestClient publisher = broker.Connect("publisher");
        string payload = new('x', 1000);
        for (int i = 0; i < 100; i++)
        {
            // Each rare message stands among many others, which are acknowledged at once.
            publisher.Publish("rare", payload, 1, 1);
            for (int j = 0; j < 40; j++)
            {
                publisher.Publish("often", payload, 1, 2);
                quick.PubAck(quick.Expect(PacketType.Publish).PacketIdentifier);
            }
        }

        long before = broker.Group.Budget.UsedBytes;
        broker.PassSeconds(3);

        Assert.InRange(broker.Group.Budget.UsedBytes, 100_000, before / 4);
        Assert.Equal(100, slow.ReadAll().Count(packet => packet.Type == PacketType.Publish));
    }

    [Fact]
    public void What_is_sent_to_a_session_that_ends_with_its_connection_is_not_kept_for_it()
    {
        BrokerHarness broker = new();
        TestClient subscriber = broker.Subscriber("s", "t", qos: 1);
        TestClient publisher = broker.Connect("publisher");
        long before = broker.Group.Budget.UsedBytes;
        for (int i = 1; i <= 100; i++)
        {
            publisher.Publish("t", new string('x', 10_000), 1, i);
            broker.Run();
            publisher.ReadAll();
            subscriber.ReadAll();
        }

        Assert.InRange(broker.Group.Budget.UsedBytes - before, 0, 20_000);
    }

    [Fact]
    public void The_places_of_a_backlog_are_charged_and_given_back()
    {
        BrokerHarness broker = new();
        TestClient absent = broker.Connect(broker.NameOn(0), expiry: 3600);
        absent.Subscribe("t", 1);
        absent.Cut();
        TestClient publisher = broker.Connect("publisher");
        long before = broker.Group.Budget.UsedBytes;
        for (int i = 0; i < 10_000; i++)
        {
            publisher.Publish("t", "", 1, 1);
            publisher.ReadAll();
        }

        Assert.True(broker.Group.Budget.UsedBytes - before > 10_000 * 20);
    }
}
