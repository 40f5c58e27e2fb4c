using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Broker.Tests.Behaviour;

public sealed class StopTests
{
    public static TheoryData<int> ShardCounts => BrokerHarness.ShardCounts;

    [Theory, MemberData(nameof(ShardCounts))]
    [Statement("U5-46")]
    public void A_stop_tells_clients_of_5_0_and_closes_the_others(int shards)
    {
        BrokerHarness broker = new(shards);
        TestClient[] clients =
        [
            broker.Connect(broker.NameOn(0)),
            broker.Connect(broker.NameOn(shards - 1, 1)),
            broker.Connect(broker.NameOn(0, 2), MqttVersion.V311),
            broker.Connect(broker.NameOn(shards - 1, 3), MqttVersion.V31),
        ];
        TestClient silent = broker.Open();
        int stopped = 0;
        broker.Engine.BeginStop(() => stopped++);
        broker.Engine.BeginStop(() => stopped += 100);
        Assert.All(clients, client => client.ExpectEnd(ReasonCode.ServerShuttingDown));
        silent.ExpectClosed();
        foreach (TestClient client in clients.Append(silent))
        {
            client.Peer.CloseByPeer();
        }

        broker.PassSeconds(10);
        Assert.Equal(1, stopped);
    }

    [Fact]
    public void A_connection_that_comes_after_the_others_were_ended_is_ended_too()
    {
        BrokerHarness broker = new();
        TestClient lingering = broker.Connect("c");
        int stopped = 0;
        broker.Engine.BeginStop(() => stopped++);
        lingering.ExpectEnd(ReasonCode.ServerShuttingDown);
        TestClient late = broker.Open();
        broker.Run();
        late.ExpectClosed();
        broker.PassSeconds(2);
        Assert.Equal(1, stopped);
    }

    [Fact]
    public void A_stop_of_an_empty_broker_is_over_at_once()
    {
        BrokerHarness broker = new(2);
        int stopped = 0;
        broker.Engine.BeginStop(() => stopped++);
        broker.Run();
        Assert.Equal(1, stopped);
    }

    [Theory]
    [InlineData(1, 0, 0)]
    [InlineData(2, 0, 1)]
    [InlineData(2, 1, 0)]
    [InlineData(3, 2, 0)]
    [InlineData(3, 0, 2)]
    [Statement("U5-46")]
    public void The_Wills_reach_those_who_are_connected_before_they_are_told(int shards, int publisherShard, int watcherShard)
    {
        BrokerHarness broker = new(shards);
        TestClient watcher = broker.Subscriber(broker.NameOn(watcherShard), "w");
        TestClient client = broker.Open();
        ConnectPacket connect = client.NewConnect(broker.NameOn(publisherShard, 1), expiry: 60);
        connect.HasWill = true;
        connect.WillTopic = "w"u8;
        connect.WillPayload = "gone"u8;
        connect.WillDelayIntervalSeconds = 5;
        client.Connect(connect);
        broker.Engine.BeginStop(static () => { });
        watcher.ExpectPublish("w", "gone");
        watcher.ExpectEnd(ReasonCode.ServerShuttingDown);
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public void A_client_that_comes_after_the_beginning_of_a_stop_is_refused(MqttVersion version)
    {
        BrokerHarness broker = new();
        broker.Engine.BeginStop(static () => { });
        broker.Run();
        TestClient later = broker.Open(version);
        later.Send(later.NewConnect("later"));
        Assert.Equal(ReasonCode.ServerUnavailable, later.Expect(PacketType.ConnAck).Reason);
        later.ExpectClosed();
    }
}
