using Starling.Protocol;

namespace Starling.Broker.Tests.Behaviour;

public sealed class LongWaitTests
{
    [Fact]
    public void One_delivery_that_waits_does_not_hold_a_chunk_of_short_lived_messages()
    {
        BrokerHarness broker = new();
        TestClient slow = broker.Subscriber("slow", "rare", qos: 1);
        TestClient quick = broker.Subscriber("quick", "often", qos: 1);
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

        Assert.True(broker.Group.Budget.UsedBytes - before > 10_000 * 32);
    }
}
