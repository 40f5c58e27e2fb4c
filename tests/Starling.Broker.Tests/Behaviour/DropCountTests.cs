using Starling.Broker.Diagnostics;

namespace Starling.Broker.Tests.Behaviour;

public sealed class DropCountTests
{
    [Fact]
    public void A_QoS_0_message_for_an_absent_client_is_counted()
    {
        BrokerHarness broker = new();
        TestClient absent = broker.Connect("absent", expiry: 3600);
        absent.Subscribe("t", 1);
        absent.Cut();

        broker.Connect("publisher").Publish("t", "1");
        broker.Run();

        Assert.Equal(1, broker.Dropped(DropReason.ClientAbsent));
    }

    [Fact]
    public void A_shared_message_that_one_member_has_no_room_for_is_not_counted_when_the_next_takes_it()
    {
        BrokerHarness broker = new(options: BrokerHarness.Options with { SessionQueueMessagesMax = 1, SessionQueueFull = SessionQueueFull.EndSession });
        TestClient one = broker.Subscriber("one", "$share/g/t", qos: 1);
        TestClient other = broker.Subscriber("other", "$share/g/t", qos: 1);
        TestClient publisher = broker.Connect("publisher");

        publisher.Publish("t", "1", 1, 1);
        publisher.Publish("t", "2", 1, 2);

        Assert.Single(one.ReadAll());
        Assert.Single(other.ReadAll());
        Assert.Equal(0, broker.Counters.DroppedInAll());
    }

    [Fact]
    public void A_shared_message_that_no_member_has_room_for_is_counted_once()
    {
        BrokerHarness broker = new(options: BrokerHarness.Options with { SessionQueueMessagesMax = 1 });
        broker.Subscriber("one", "$share/g/t", qos: 1);
        broker.Subscriber("other", "$share/g/t", qos: 1);
        TestClient publisher = broker.Connect("publisher");

        publisher.Publish("t", "1", 1, 1);
        publisher.Publish("t", "2", 1, 2);
        publisher.Publish("t", "3", 1, 3);
        broker.Run();

        Assert.Equal(1, broker.Dropped(DropReason.NoSharedMember));
        Assert.Equal(1, broker.Counters.DroppedInAll());
    }
}
