using Starling.Broker.Diagnostics;
using Starling.Broker.Ports;
using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Broker.Tests.Behaviour;

/// <summary>Clients that ask and take nothing, and faults in the middle of a message: nothing grows, nothing is mixed up.</summary>
public sealed class HostileClientTests
{
    private const int FloodBytes = 12 << 20;

    [Fact]
    public void A_client_that_takes_no_answers_is_not_read_any_more_and_loses_none()
    {
        BrokerHarness broker = new(options: BrokerHarness.Options with { PacketBytesMax = 1024 });
        TestClient client = broker.Connect("c");
        client.Peer.AcceptBytesMax = 0;
        byte[] pings = new byte[FloodBytes];
        for (int i = 0; i < pings.Length; i += 2)
        {
            PingPackets.Request.CopyTo(pings.AsSpan(i));
        }

        client.Send(pings);
        broker.Run();
        Assert.InRange(broker.Group.Budget.UsedBytes, 2 << 20, 8 << 20);
        client.Peer.AcceptBytesMax = int.MaxValue;
        broker.Run();
        Assert.Equal(FloodBytes, client.Peer.Read().Length);
    }

    [Fact]
    public void A_client_that_takes_no_answers_is_cut_when_its_Keep_Alive_is_over()
    {
        BrokerHarness broker = new(options: BrokerHarness.Options with { PacketBytesMax = 1024 });
        TestClient client = broker.Open();
        client.Connect("c", keepAlive: 10);
        client.Peer.AcceptBytesMax = 0;
        byte[] pings = new byte[FloodBytes];
        for (int i = 0; i < pings.Length; i += 2)
        {
            PingPackets.Request.CopyTo(pings.AsSpan(i));
        }

        client.Send(pings);
        broker.PassSeconds(60);
        Assert.Equal(0, broker.Counters.ConnectionsNow);
    }

    [Fact]
    public void Waiting_answers_of_5_0_are_bounded_whatever_asks_for_them()
    {
        BrokerHarness broker = BrokerHarness.OnDelayedStore(out DelayedStore store);
        TestClient client = broker.Connect("c", expiry: 60);
        store.IsImmediate = false;
        for (int i = 1; i <= 4000; i++)
        {
            client.SendSubscribe(i, 0, client.Filter("t"));
        }

        broker.Run();
        Assert.InRange(store.Of(StoreRecordKind.Subscribed).Count(), 1024, 1024 + BrokerHarness.Options.ReceiveMaximum);
        int answers = 0;
        for (int i = 0; i < 10; i++)
        {
            store.Commit();
            answers += client.ReadAll().Count;
        }

        Assert.Equal(4000, answers);
    }

    [Fact]
    public void Subscribing_again_and_again_without_taking_what_is_retained_leaves_nothing_behind()
    {
        BrokerHarness broker = new();
        broker.Connect("p").Publish("t", "x", 1, 1, retain: true);
        TestClient client = broker.Open();
        ConnectPacket connect = client.NewConnect("c");
        connect.ReceiveMaximum = 1;
        client.Connect(connect);
        client.Subscribe("t", 1);
        for (int i = 1; i <= 1000; i++)
        {
            client.SendSubscribe(i, 0, client.Filter("t", 1));
        }

        broker.Run();
        Assert.InRange(broker.Engine.Shards[0].Sessions.Find("c")?.RetainedBacklogs?.Count ?? 0, 1, 2);
        for (int i = 1; i <= 1000; i++)
        {
            client.SendUnsubscribe(i, "t");
            client.SendSubscribe(i, 0, client.Filter("t", 1));
        }

        broker.Run();
        Assert.InRange(broker.Engine.Shards[0].Sessions.Find("c")?.RetainedBacklogs?.Count ?? 0, 1, 100);
        int got = 0;
        foreach (ReceivedPacket packet in client.ReadAll().Where(packet => packet.Type == PacketType.Publish))
        {
            got++;
            client.PubAck(packet.PacketIdentifier);
        }

        got += client.DrainTexts().Length;
        Assert.InRange(got, 2, 4);
    }

    [Fact]
    public void A_Will_says_nothing_in_the_name_of_the_broker()
    {
        BrokerHarness broker = new();
        TestClient watcher = broker.Subscriber("w", "$SYS/#");
        TestClient client = broker.Open();
        ConnectPacket connect = client.NewConnect("c");
        connect.HasWill = true;
        connect.WillTopic = "$SYS/broker/uptime"u8;
        connect.WillPayload = "forged"u8;
        connect.WillRetain = true;
        client.Connect(connect);
        client.Cut();
        watcher.ExpectNothing();
        Assert.Equal(0, broker.Engine.SysMessages.MessageCount);
        Assert.Equal(1, broker.Dropped(DropReason.NotAuthorized));
    }

    [Fact]
    public void A_message_whose_record_failed_is_not_the_body_of_the_next()
    {
        FaultyStore store = new();
        BrokerHarness broker = new(ports: new BrokerPorts { Store = store });
        TestClient subscriber = broker.Connect("s", expiry: 60);
        subscriber.Subscribe("t", 1);
        subscriber.Cut();
        TestClient publisher = broker.Connect("p");
        store.IsFaulty = true;
        publisher.Publish("t", "failed", 1, 1);
        broker.Run();
        store.IsFaulty = false;
        broker.Connect("q").Publish("t", "next", 1, 1);
        broker.Run();
        TestClient again = broker.Open();
        again.Connect("s", cleanStart: false, expiry: 60);
        Assert.Equal(["failed", "next"], again.DrainTexts());
    }

    /// <summary>A store with a fault of its own: that ends the connection whose record it was, and nothing else.</summary>
    private sealed class FaultyStore : IDurableStore, IShardStore
    {
        public bool IsFaulty { get; set; }

        public bool IsDurable => false;

        public StoreCondition Condition => StoreCondition.Ready;

        public StoreFigures Figures => default;

        public ulong CommittedLsn { get; private set; }

        public bool IsFull => false;

        public void Recover(IRecoverySink sink)
        {
        }

        public IShardStore Open(int shard, IShardStoreEvents events) => this;

        public ulong Append(scoped in StoreRecord record) =>
            IsFaulty ? throw new InvalidOperationException("A fault for the test.") : ++CommittedLsn;

        public void Read(ulong session, ReadOnlySpan<ulong> sequences)
        {
        }
    }
}
