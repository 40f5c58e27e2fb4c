using Starling.Protocol;

namespace Starling.Broker.Tests.Behaviour;

/// <summary>A store that is full holds publishers back; one that has failed ends everything.</summary>
public sealed class StoreConditionTests
{
    [Theory, MemberData(nameof(BrokerHarness.ShardCounts), MemberType = typeof(BrokerHarness))]
    public void Publishers_wait_while_the_store_is_full_and_acknowledgements_do_not(int shards)
    {
        RestartHarness test = new(shards);
        TestClient reader = test.Broker.Persistent(test.Broker.NameOn(shards - 1), "t", 2);
        TestClient publisher = test.Broker.Connect(test.Broker.NameOn(0, 1));
        publisher.Publish("t", "before", 2, 1);
        publisher.Expect(PacketType.PubRec);
        ReceivedPacket delivery = reader.ExpectPublish("t", "before");
        test.Store.IsFull = true;
        publisher.Publish("t", "held", 1, 2);
        publisher.ExpectNothing();
        publisher.PubRel(1);
        publisher.Expect(PacketType.PubComp);
        reader.PubRec(delivery.PacketIdentifier);
        reader.Expect(PacketType.PubRel);
        reader.PubComp(delivery.PacketIdentifier);
        publisher.Ping();
        publisher.Expect(PacketType.PingResp);
        test.Store.IsFull = false;
        test.PassSeconds(0.1);
        publisher.Expect(PacketType.PubAck);
        Assert.Equal(["held"], reader.DrainTexts());
    }

    [Fact]
    public void Who_is_held_too_long_is_refused_in_5_0_and_closed_in_3_x()
    {
        RestartHarness test = new();
        TestClient five = test.Broker.Connect("five");
        TestClient three = test.Broker.Connect("three", MqttVersion.V311);
        test.Store.IsFull = true;
        five.Publish("t", "x", 1, 1);
        three.Publish("t", "x", 1, 1);
        test.Broker.Run();
        test.PassSeconds(6);
        Assert.Equal(ReasonCode.QuotaExceeded, five.Expect(PacketType.PubAck).Reason);
        three.ExpectClosed();
    }

    [Fact]
    public void A_store_that_has_failed_ends_every_connection_and_acknowledges_nothing_more()
    {
        RestartHarness test = new(2);
        test.Broker.Absent("reader", "t", 1);
        TestClient five = test.Broker.Connect("five");
        TestClient three = test.Broker.Connect("three", MqttVersion.V311);
        test.Store.IsImmediate = false;
        three.Publish("t", "x", 1, 1);
        test.Broker.Run();
        test.Store.Fail();
        test.Broker.Run();
        five.ExpectEnd(ReasonCode.ServerShuttingDown);
        three.ExpectClosed();
        TestClient late = test.Broker.Open();
        late.Send(late.NewConnect("late"));
        Assert.Equal(ReasonCode.ServerUnavailable, late.Expect(PacketType.ConnAck).Reason);
    }
}
