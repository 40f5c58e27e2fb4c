using Starling.Broker.Diagnostics;
using Starling.Broker.Ports;
using Starling.Protocol;
using Starling.Protocol.Loops;

namespace Starling.Broker.Tests.Behaviour;

/// <summary>The memory limit: it holds publishers back, and nothing else.</summary>
public sealed class MemoryHoldTests
{
    private readonly BrokerHarness _broker;
    private readonly MemoryAccount _elsewhere;

    public MemoryHoldTests()
    {
        _broker = new BrokerHarness(options: BrokerHarness.Options with { MemoryBudgetBytes = 32 << 20 });
        _elsewhere = _broker.Group.Budget.OpenAccount();
    }

    [Fact]
    public void A_held_publisher_still_acknowledges_pings_and_disconnects()
    {
        TestClient client = _broker.Subscriber("c", "t", 2);
        TestClient publisher = _broker.Connect("p");
        publisher.PublishWhole("t", "two", 2);
        ReceivedPacket delivery = client.ExpectPublish("t", "two");
        publisher.Publish("t", "begun", 2, 9);
        publisher.Expect(PacketType.PubRec);
        ReceivedPacket begun = client.ExpectPublish("t", "begun");
        Spend();
        client.Publish("t", "held", 1, 5);
        client.PubRec(delivery.PacketIdentifier);
        client.Ping();
        Assert.Equal(delivery.PacketIdentifier, client.Expect(PacketType.PubRel).PacketIdentifier);
        client.Expect(PacketType.PingResp);
        client.PubComp(delivery.PacketIdentifier);
        client.AnswerDelivery(begun);
        client.Expect(PacketType.PubRel);
        publisher.PubRel(9);
        publisher.Expect(PacketType.PubComp);
        client.ExpectNothing();
        client.Disconnect();
        client.ExpectClosed();
        Assert.Equal(1, _broker.Dropped(DropReason.ConnectionEnded));
    }

    [Fact]
    public void Held_messages_go_on_in_their_order_when_there_is_memory_again()
    {
        TestClient subscriber = _broker.Subscriber("s", "t", 2);
        TestClient publisher = _broker.Connect("p");
        Spend();
        for (int i = 1; i <= 9; i++)
        {
            publisher.Publish("t", $"{i}", i % 3, i % 3 == 0 ? 0 : i);
        }

        publisher.ExpectNothing();
        subscriber.ExpectNothing();
        Free();
        Assert.Equal(6, publisher.ReadAll().Count);
        Assert.Equal(Enumerable.Range(1, 9).Select(i => $"{i}"), subscriber.DrainTexts());
        Assert.Equal(1, _broker.Log.Count(1008));
        Assert.Equal(1, _broker.Log.Count(1009));
    }

    [Fact]
    public void SUBSCRIBE_waits_behind_a_parked_PUBLISH_and_passes_when_nothing_is_parked()
    {
        TestClient free = _broker.Connect("free");
        TestClient publisher = _broker.Connect("p");
        Spend();
        free.Subscribe("t", 1);
        publisher.Publish("t", "x", 1, 1);
        publisher.SendSubscribe(2, 0, publisher.Filter("t", 1));
        publisher.SendUnsubscribe(3, "t");
        publisher.ExpectNothing();
        Free();
        Assert.Equal([PacketType.PubAck, PacketType.SubAck, PacketType.UnsubAck], publisher.ReadAll().Select(packet => packet.Type));
        Assert.Equal(["x"], free.DrainTexts());
    }

    [Fact]
    public void Beyond_the_bound_of_what_is_parked_the_socket_is_left_unread_and_nothing_is_lost()
    {
        TestClient subscriber = _broker.Subscriber("s", "t", 0);
        TestClient publisher = _broker.Connect("p");
        Spend();
        string payload = new('x', 10_000);
        for (int i = 1; i <= 20; i++)
        {
            publisher.Publish("t", payload, 1, i);
        }

        publisher.Ping();
        publisher.ExpectNothing();
        Free();
        Assert.Equal(21, publisher.ReadAll().Count);
        Assert.Equal(20, subscriber.ReadAll().Count);
    }

    [Fact]
    public void A_connection_left_unread_outlives_its_Keep_Alive()
    {
        TestClient publisher = _broker.Open();
        publisher.Connect("p", keepAlive: 1);
        Spend();
        for (int i = 0; i < 8; i++)
        {
            publisher.Publish("t", new string('x', 10_000));
        }

        _broker.PassSeconds(4);
        publisher.ExpectNothing();
    }

    [Fact]
    public void A_5_0_message_held_too_long_is_refused_with_0x97_and_QoS_0_is_dropped_and_counted()
    {
        TestClient subscriber = _broker.Subscriber("s", "t", 2);
        TestClient publisher = _broker.Connect("p");
        Spend();
        publisher.Publish("t", "0");
        publisher.Publish("t", "1", 1, 1);
        publisher.Publish("t", "2", 2, 2);
        _broker.PassSeconds(4.9);
        publisher.ExpectNothing();
        _broker.PassSeconds(0.2);
        Assert.Equal((1, ReasonCode.QuotaExceeded), Answer(publisher.Expect(PacketType.PubAck)));
        Assert.Equal((2, ReasonCode.QuotaExceeded), Answer(publisher.Expect(PacketType.PubRec)));
        publisher.ExpectNothing();
        subscriber.ExpectNothing();
        Assert.Equal(3, _broker.Dropped(DropReason.HeldTooLong));
        Free();
        publisher.PublishWhole("t", "again", 2, 2);
        Assert.Equal(["again"], subscriber.DrainTexts());
    }

    [Theory]
    [InlineData(MqttVersion.V31)]
    [InlineData(MqttVersion.V311)]
    public void A_3x_client_whose_message_is_held_too_long_is_closed_and_loses_nothing_it_was_told_of(MqttVersion version)
    {
        TestClient publisher = _broker.Connect("p", version);
        TestClient fireAndForget = _broker.Connect("q", version);
        Spend();
        publisher.Publish("t", "1", 1, 1);
        fireAndForget.Publish("t", "0");
        _broker.PassSeconds(6);
        publisher.ExpectClosed();
        fireAndForget.ExpectNothing();
        Assert.Equal(2, _broker.Dropped(DropReason.HeldTooLong));
    }

    [Theory]
    [MemberData(nameof(BrokerHarness.Versions), MemberType = typeof(BrokerHarness))]
    public void QoS_0_before_a_normal_DISCONNECT_is_still_published(MqttVersion version)
    {
        TestClient subscriber = _broker.Subscriber("s", "#", 0);
        TestClient publisher = _broker.Connect("p", version);
        Spend();
        publisher.Publish("t", "kept");
        publisher.Publish("t", "retained", retain: true);
        publisher.Publish("$SYS/no", "forged");
        publisher.Publish("t", "unacknowledged", 1, 1);
        publisher.Disconnect();
        publisher.ExpectClosed();
        subscriber.ExpectNothing();
        Free();
        Assert.Equal(["kept", "retained"], subscriber.DrainTexts());
        Assert.Equal("retained", _broker.Retained("t"));
        Assert.Null(_broker.Retained("$SYS/no"));
        Assert.Equal(1, _broker.Dropped(DropReason.ConnectionEnded));
    }

    [Fact]
    public void QoS_0_of_a_client_that_is_gone_is_given_up_after_the_time_out()
    {
        TestClient subscriber = _broker.Subscriber("s", "t", 0);
        TestClient publisher = _broker.Connect("p");
        Spend();
        publisher.Publish("t", "late");
        publisher.Disconnect();
        _broker.PassSeconds(6);
        Assert.Equal(1, _broker.Dropped(DropReason.HeldTooLong));
        Free();
        subscriber.ExpectNothing();
    }

    [Fact]
    public void Whoever_may_not_publish_may_not_by_leaving_either()
    {
        TestAuthorizer authorizer = new() { Decide = static (action, _) => action == AuthorizationAction.Subscribe };
        BrokerHarness broker = BrokerHarness.With(
            ports => ports with { Authorizer = authorizer }, options: BrokerHarness.Options with { MemoryBudgetBytes = 32 << 20 });
        TestClient subscriber = broker.Subscriber("s", "t", 0);
        MemoryAccount elsewhere = broker.Group.Budget.OpenAccount();
        elsewhere.Add(31 << 20);
        TestClient publisher = broker.Connect("p");
        publisher.Publish("t", "forbidden");
        publisher.Disconnect();
        broker.Run();
        elsewhere.Add(-(31 << 20));
        broker.PassMilliseconds(20);
        subscriber.ExpectNothing();
        Assert.Equal(1, broker.Dropped(DropReason.NotAuthorized));
    }

    [Fact]
    public void A_parked_message_asks_the_authorizer_once_and_its_answer_is_used_for_nothing_else()
    {
        TestAuthorizer authorizer = new()
        {
            Decide = static (action, topic) => topic == "t" && action == AuthorizationAction.Publish ? null : topic == "t",
        };
        BrokerHarness broker = BrokerHarness.With(
            ports => ports with { Authorizer = authorizer }, options: BrokerHarness.Options with { MemoryBudgetBytes = 32 << 20 });
        TestClient subscriber = broker.Subscriber("s", "t", 0);
        TestClient publisher = broker.Connect("p");
        MemoryAccount elsewhere = broker.Group.Budget.OpenAccount();
        elsewhere.Add(31 << 20);
        broker.PassMilliseconds(1);
        broker.Engine.Shards[0].Holds.Look();
        publisher.Publish("t", "1");
        broker.Run();
        elsewhere.Add(-(31 << 20));
        broker.PassMilliseconds(100);
        Assert.Single(authorizer.Pending).Complete(true);
        broker.PassMilliseconds(100);
        Assert.Equal(["1"], subscriber.DrainTexts());
        publisher.Publish("forbidden", "2");
        broker.Run();
        Assert.Equal(1, broker.Dropped(DropReason.NotAuthorized));
    }

    [Fact]
    public void The_answer_about_a_message_that_was_refused_is_used_for_nothing_else()
    {
        TestAuthorizer authorizer = new() { Decide = static (_, topic) => topic == "t" ? null : false };
        BrokerHarness broker = BrokerHarness.With(
            ports => ports with { Authorizer = authorizer }, options: BrokerHarness.Options with { MemoryBudgetBytes = 32 << 20 });
        MemoryAccount elsewhere = broker.Group.Budget.OpenAccount();
        TestClient publisher = broker.Connect("p");
        publisher.Publish("t", "1", 1, 1);
        broker.Run();
        elsewhere.Add(31 << 20);
        broker.PassMilliseconds(1);
        broker.Engine.Shards[0].Holds.Look();
        Assert.Single(authorizer.Pending).Complete(true);
        broker.PassSeconds(6);
        Assert.Equal((1, ReasonCode.QuotaExceeded), Answer(publisher.Expect(PacketType.PubAck)));
        elsewhere.Add(-(31 << 20));
        broker.PassMilliseconds(100);
        publisher.Publish("forbidden", "2", 1, 2);
        Assert.Equal((2, ReasonCode.NotAuthorized), Answer(publisher.Expect(PacketType.PubAck)));
    }

    [Fact]
    [Statement("MQTT-4.3.3-10")]
    public void The_repetition_of_a_QoS_2_message_is_answered_also_when_there_is_no_memory()
    {
        TestClient subscriber = _broker.Subscriber("s", "t", 2);
        TestClient publisher = _broker.Connect("p", expiry: 100);
        publisher.Publish("t", "1", 2, 5);
        publisher.Expect(PacketType.PubRec);
        publisher.Cut();
        subscriber.ExpectPublish("t", "1");
        TestClient again = _broker.Open();
        again.Connect("p", cleanStart: false, expiry: 100);
        Spend();
        again.PublishAgain("t", "1", 2, 5);
        _broker.PassSeconds(6);
        Assert.Equal((5, ReasonCode.Success), Answer(again.Expect(PacketType.PubRec)));
        again.PubRel(5);
        Assert.Equal((5, ReasonCode.Success), Answer(again.Expect(PacketType.PubComp)));
    }

    [Fact]
    public void A_connection_cut_while_it_is_held_keeps_nothing_parked()
    {
        TestClient subscriber = _broker.Subscriber("s", "t", 0);
        TestClient publisher = _broker.Connect("p");
        Spend();
        publisher.Publish("t", "0");
        publisher.Publish("t", "1", 1, 1);
        _broker.Run();
        publisher.Cut();
        Free();
        subscriber.ExpectNothing();
        Assert.Equal(2, _broker.Dropped(DropReason.ConnectionEnded));
    }

    [Theory]
    [MemberData(nameof(BrokerHarness.ShardCounts), MemberType = typeof(BrokerHarness))]
    public void A_system_in_which_everybody_publishes_and_subscribes_on_one_connection_drains(int shards)
    {
        BrokerHarness broker = new(shards, BrokerHarness.Options with { MemoryBudgetBytes = 32 << 20, HeldPublisherTimeout = TimeSpan.FromMinutes(5) });
        broker.Group.Budget.OpenAccount().Add(22 << 20);
        TestClient[] clients = [.. Enumerable.Range(0, 8).Select(i => broker.Subscriber(broker.NameOn(i % shards, i), "t", 1))];
        string payload = new('x', 50_000);
        List<(TestClient Client, ReceivedPacket Packet)> open = [];
        int[] published = [.. clients.Select(client => Publish(client, payload))];
        while (broker.Log.Count(1008) == 0)
        {
            Assert.True(published[0] < 30, "The test does not reach the limit.");
            Step(broker, clients, published, open);
        }

        int got = 0;
        for (int idle = 0; idle < 5; idle++)
        {
            Step(broker, clients, published, open);
            got += open.Count;
            idle = open.Count > 0 ? 0 : idle;
            open.ForEach(delivery => delivery.Client.AnswerDelivery(delivery.Packet));
            open.Clear();
        }

        Assert.Equal((published.Sum() * clients.Length, 0L), (got, broker.Counters.DroppedInAll()));
    }

    [Theory]
    [MemberData(nameof(BrokerHarness.ShardCounts), MemberType = typeof(BrokerHarness))]
    public void Publishers_that_bury_their_own_acknowledgements_are_answered_after_the_time_out(int shards)
    {
        BrokerHarness broker = new(shards, BrokerHarness.Options with { MemoryBudgetBytes = 32 << 20 });
        broker.Group.Budget.OpenAccount().Add(20 << 20);
        TestClient[] clients = [.. Enumerable.Range(0, 4).Select(i => broker.Subscriber(broker.NameOn(i % shards, i), "t", 1))];
        foreach (TestClient client in clients)
        {
            for (int i = 1; i <= 40; i++)
            {
                client.Publish("t", new string('x', 200_000), 1, i);
            }
        }

        int answers = 0;
        for (int seconds = 0; seconds < 300 && answers < 160; seconds++)
        {
            foreach (TestClient client in clients)
            {
                List<ReceivedPacket> packets = client.ReadAll();
                packets.ForEach(client.AnswerDelivery);
                answers += packets.Count(packet => packet.Type == PacketType.PubAck);
            }

            broker.PassSeconds(1);
        }

        Assert.Equal(160, answers);
        Assert.InRange(broker.Dropped(DropReason.HeldTooLong), 1, 159);
    }

    /// <summary>Each client whose message was acknowledged publishes the next, up to a bound.</summary>
    private static void Step(
        BrokerHarness broker, TestClient[] clients, int[] published, List<(TestClient Client, ReceivedPacket Packet)> open)
    {
        broker.PassMilliseconds(10);
        for (int i = 0; i < clients.Length; i++)
        {
            foreach (ReceivedPacket packet in clients[i].ReadAll())
            {
                if (packet.Type == PacketType.Publish)
                {
                    open.Add((clients[i], packet));
                }
                else if (published[i] < 30)
                {
                    published[i] += Publish(clients[i], new string('x', 50_000));
                }
            }
        }
    }

    private static int Publish(TestClient client, string payload)
    {
        client.Publish("t", payload, 1, 1);
        return 1;
    }

    private static (int PacketIdentifier, ReasonCode Reason) Answer(ReceivedPacket packet) => (packet.PacketIdentifier, packet.Reason);

    private void Spend()
    {
        _elsewhere.Add(31 << 20);
        _broker.PassMilliseconds(1);
        _broker.Engine.Shards[0].Holds.Look();
    }

    private void Free()
    {
        _elsewhere.Add(-(31 << 20));
        _broker.PassMilliseconds(20);
    }
}
