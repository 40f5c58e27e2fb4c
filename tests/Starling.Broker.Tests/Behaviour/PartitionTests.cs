using System.Text;
using Starling.Protocol;

namespace Starling.Broker.Tests.Behaviour;

public sealed class PartitionTests
{
    /// <summary>Data directories name partitions, so these values never change.</summary>
    [Theory]
    [InlineData("", 219)]
    [InlineData("a", 84)]
    [InlineData("b", 215)]
    [InlineData("starling", 145)]
    [InlineData("sensor-0001", 28)]
    [InlineData("sensor-0002", 90)]
    [InlineData("größe", 230)]
    [InlineData("客户端", 71)]
    public void The_partition_of_a_Client_Identifier_is_fixed_for_ever(string clientIdentifier, int partition) =>
        Assert.Equal(partition, Partitions.PartitionOf(Encoding.UTF8.GetBytes(clientIdentifier)));

    [Fact]
    public void The_partition_of_a_long_Client_Identifier_is_fixed_too() =>
        Assert.Equal(152, Partitions.PartitionOf(Encoding.UTF8.GetBytes(new string('x', 65535))));

    [Fact]
    public void Identifiers_spread_over_all_partitions()
    {
        HashSet<int> seen = [.. Enumerable.Range(0, 5000).Select(i => Partitions.PartitionOf(Encoding.UTF8.GetBytes($"c{i}")))];
        Assert.Equal(Partitions.Count, seen.Count);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    [InlineData(1, 1)]
    [InlineData(2, 0)]
    public void A_connection_moves_to_the_shard_of_its_session(int loop, int owner)
    {
        BrokerHarness broker = new(3);
        TestClient client = broker.Open(loop: loop);
        client.Connect(broker.NameOn(owner));
        Assert.Equal(owner, client.Peer.LoopIndex);
        Assert.Equal([0, 1, 2], broker.Group.Loops.Select(each => each.Loop.Index));
        Assert.Equal(1, broker.Group.Loops[owner].ConnectionCount);
        Assert.Equal(1, broker.Counters.SocketsOpened);
        Assert.Equal(1, broker.Counters.PacketsReceived);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(13)]
    [InlineData(4096)]
    [InlineData(int.MaxValue)]
    public void Bytes_behind_CONNECT_move_with_the_connection(int pieceBytes)
    {
        BrokerHarness broker = new(2);
        TestClient watcher = broker.Subscriber(broker.NameOn(0), "t", 1);
        TestClient client = broker.Open();
        client.PieceBytes = pieceBytes;
        string large = new('x', 3000);
        client.Send(client.NewConnect(broker.NameOn(1, 1)));
        for (int i = 1; i <= 20; i++)
        {
            client.Publish("t", $"{i} {large}", 1, i);
        }

        Assert.Equal(21, client.ReadAll().Count);
        Assert.Equal(Enumerable.Range(1, 20).Select(i => $"{i} {large}"), watcher.ReadAll().Select(packet => packet.Text));
    }

    [Fact]
    public void Two_engines_in_one_process_know_nothing_of_each_other()
    {
        BrokerHarness one = new(2);
        BrokerHarness two = new(2);
        TestClient atOne = one.Subscriber("same", "#");
        TestClient atTwo = two.Subscriber("same", "#");
        two.Connect("publisher").Publish("t", "x", retain: true);
        atOne.ExpectNothing();
        atTwo.ExpectPublish("t", "x");
        Assert.Null(one.Retained("t"));
        one.Engine.BeginStop(static () => { });
        atOne.ExpectEnd(ReasonCode.ServerShuttingDown);
        atTwo.ExpectNothing();
    }

    [Fact]
    public void The_same_seed_assigns_the_same_identifiers_and_another_seed_others()
    {
        string? first = new BrokerHarness(options: BrokerHarness.Options with { Seed = 7 }).Open().Connect("").AssignedClientIdentifier;
        string? other = new BrokerHarness(options: BrokerHarness.Options with { Seed = 8 }).Open().Connect("").AssignedClientIdentifier;
        Assert.Equal(22, first?.Length);
        Assert.NotEqual(first, other);
    }
}
