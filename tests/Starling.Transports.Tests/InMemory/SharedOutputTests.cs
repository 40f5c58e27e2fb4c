using CsCheck;
using Starling.Protocol.Loops;
using Starling.Transports.InMemory;

namespace Starling.Transports.Tests.InMemory;

/// <summary>Output that connections have in common, mixed with their own, with slow peers and peers that leave.</summary>
public sealed class SharedOutputTests
{
    private const int Connections = 4;

    private readonly TestClient _client = new() { RecordsCalls = false };
    private readonly InMemoryLoopGroup _group;

    public SharedOutputTests() => _group = new InMemoryLoopGroup(1, _ => _client);

    [Fact]
    public void Each_connection_sends_shared_and_own_bytes_in_the_order_in_which_they_were_appended() =>
        Gen.Int[0, int.MaxValue].Sample(seed =>
        {
            Random random = new(seed);
            TestClient client = new() { RecordsCalls = false };
            InMemoryLoopGroup group = new(1, _ => client);
            InMemoryPeer[] peers = [.. Enumerable.Range(0, Connections).Select(_ => group.Open())];
            group.RunUntilIdle();
            TestConnection[] connections = [.. client.Attached];
            List<byte>[] expected = [.. Enumerable.Range(0, Connections).Select(_ => new List<byte>())];
            List<byte>[] received = [.. Enumerable.Range(0, Connections).Select(_ => new List<byte>())];
            HeldBlocks blocks = new();
            for (int iteration = 0; iteration < 6; iteration++)
            {
                client.Send(() => AppendAtRandom(client.Loop, connections, expected, random, blocks));
                foreach (InMemoryPeer peer in peers)
                {
                    peer.AcceptBytesMax = random.Next(3) == 0 ? random.Next(0, 5_000) : int.MaxValue;
                }

                group.RunIteration();
                ReadAll(peers, received);
            }

            foreach (InMemoryPeer peer in peers)
            {
                peer.AcceptBytesMax = int.MaxValue;
            }

            group.RunUntilIdle();
            ReadAll(peers, received);
            for (int i = 0; i < Connections; i++)
            {
                Assert.True(received[i].SequenceEqual(expected[i]), $"connection {i}: {received[i].Count} of {expected[i].Count} bytes");
            }

            Assert.Equal(0, group.Budget.UsedBytes);
            Assert.Equal(0, blocks.Count);
        });

    [Fact]
    public void Pending_bytes_count_the_shared_ones_of_this_connection_only()
    {
        TestConnection[] connections = Open(2, out _);
        RunOnLoop(() =>
        {
            ISharedOutput shared = _client.Loop.OpenSharedOutput();
            shared.Add(connections[0].Output);
            Append(shared, "abc");
            shared.Add(connections[1].Output);
            Append(shared, "de");
            Assert.Equal(5, connections[0].Output.PendingBytes);
            Assert.Equal(2, connections[1].Output.PendingBytes);
        });
    }

    [Fact]
    public void A_connection_that_is_closed_gets_what_came_before_and_nothing_after()
    {
        TestConnection[] connections = Open(2, out InMemoryPeer[] peers);
        RunOnLoop(() =>
        {
            ISharedOutput shared = Share(connections);
            Append(shared, "before ");
            connections[0].Append("bye"u8);
            connections[0].Output.Close();
            Append(shared, "after");
        });

        Assert.Equal("before bye"u8, peers[0].Read());
        Assert.Equal("before after"u8, peers[1].Read());
    }

    [Fact]
    public void A_connection_that_is_aborted_takes_nothing_from_the_others()
    {
        TestConnection[] connections = Open(2, out InMemoryPeer[] peers);
        RunOnLoop(() =>
        {
            ISharedOutput shared = Share(connections);
            Append(shared, "one ");
            connections[0].Output.Abort();
            Append(shared, "two");
        });

        Assert.True(peers[0].IsClosed);
        Assert.Equal("one two"u8, peers[1].Read());
        Assert.Equal(0, _group.Budget.UsedBytes);
    }

    [Fact]
    public void A_peer_that_has_ended_its_side_still_gets_its_part()
    {
        TestConnection[] connections = Open(2, out InMemoryPeer[] peers);
        connections[1].OnReceive = (_, bytes) =>
        {
            Append(Share(connections), "last");
            return bytes.Length;
        };
        peers[1].Write("go"u8);
        peers[0].CloseByPeer();
        _group.RunUntilIdle();

        Assert.Equal("last"u8, peers[1].Read());
        Assert.True(peers[0].IsClosed);
        Assert.Equal(0, _group.Budget.UsedBytes);
    }

    [Fact]
    public void A_full_one_is_sent_and_the_next_goes_on_in_order()
    {
        TestConnection[] connections = Open(2, out InMemoryPeer[] peers);
        byte[] large = new byte[70_000];
        RunOnLoop(() =>
        {
            ISharedOutput first = Share(connections);
            first.GetSpan(large.Length)[..large.Length].Fill((byte)'x');
            first.Advance(large.Length);
            Assert.True(first.IsOpen);
            _client.Loop.SendFullOutputs();
            Assert.False(first.IsOpen);
            Assert.Equal(0, connections[0].Output.PendingBytes);
            Append(Share(connections), "end");
        });

        Assert.All(peers, peer => Assert.Equal([.. Enumerable.Repeat((byte)'x', 70_000), .. "end"u8], peer.Read()));
    }

    [Fact]
    public void Many_small_ones_do_not_pile_up()
    {
        TestConnection[] connections = Open(2, out InMemoryPeer[] peers);
        RunOnLoop(() =>
        {
            for (int i = 0; i < 1000; i++)
            {
                Append(Share(connections), "x");
                _client.Loop.SendFullOutputs();
                Assert.InRange(_group.Budget.UsedBytes, 0, 1 << 20);
            }
        });

        Assert.All(peers, peer => Assert.Equal(1000, peer.Read().Length));
    }

    [Fact]
    public void It_ends_with_its_iteration()
    {
        TestConnection[] connections = Open(1, out _);
        ISharedOutput? shared = null;
        RunOnLoop(() => shared = Share(connections));

        Assert.False(shared?.IsOpen);
        Assert.Throws<InvalidOperationException>(() => shared?.GetSpan(1).Length);
    }

    private static void AppendAtRandom(ILoop loop, TestConnection[] connections, List<byte>[] expected, Random random, HeldBlocks blocks)
    {
        ISharedOutput? shared = null;
        HashSet<int> members = [];
        for (int step = 0; step < 30; step++)
        {
            byte[] bytes = new byte[random.Next(1, random.Next(10) == 0 ? 70_000 : 200)];
            random.NextBytes(bytes);
            int one = random.Next(Connections);
            switch (random.Next(5))
            {
                case 0:
                    connections[one].Append(bytes);
                    expected[one].AddRange(bytes);
                    break;
                case 4:
                    int offset = random.Next(bytes.Length);
                    connections[one].Output.Append(new TestBlock(bytes, blocks), offset, bytes.Length - offset);
                    expected[one].AddRange(bytes[offset..]);
                    break;
                case 1 when shared is { IsOpen: true }:
                    shared.Add(connections[one].Output);
                    members.Add(one);
                    break;
                case 2 when shared is { IsOpen: true }:
                    bytes.CopyTo(shared.GetSpan(bytes.Length));
                    shared.Advance(bytes.Length);
                    foreach (int member in members)
                    {
                        expected[member].AddRange(bytes);
                    }

                    break;
                case 3 when random.Next(4) == 0:
                    loop.SendFullOutputs();
                    break;
                case 3 when shared is not { IsOpen: true } || random.Next(4) == 0:
                    shared = loop.OpenSharedOutput();
                    members.Clear();
                    break;
            }
        }
    }

    private static void ReadAll(InMemoryPeer[] peers, List<byte>[] received)
    {
        for (int i = 0; i < peers.Length; i++)
        {
            received[i].AddRange(peers[i].Read());
        }
    }

    [Fact]
    public void A_block_is_released_when_its_connection_ends_before_it_is_sent()
    {
        TestConnection[] connections = Open(3, out InMemoryPeer[] peers);
        HeldBlocks blocks = new();
        peers[0].AcceptBytesMax = 10;
        RunOnLoop(() =>
        {
            connections[0].Output.Append(new TestBlock(new byte[100], blocks), 0, 100);
            connections[1].Output.Append(new TestBlock(new byte[100], blocks), 0, 100);
            connections[1].Output.Abort();
            connections[2].Output.Close();
            connections[2].Output.Append(new TestBlock(new byte[100], blocks), 0, 100);
        });
        Assert.Equal(1, blocks.Count);
        Assert.Equal(90, connections[0].Output.PendingBytes);

        peers[0].ResetByPeer();
        _group.RunUntilIdle();
        Assert.Equal(0, blocks.Count);
    }

    private static void Append(ISharedOutput shared, string text)
    {
        int count = System.Text.Encoding.ASCII.GetBytes(text, shared.GetSpan(text.Length));
        shared.Advance(count);
    }

    private ISharedOutput Share(TestConnection[] connections)
    {
        ISharedOutput shared = _client.Loop.OpenSharedOutput();
        Array.ForEach(connections, connection => shared.Add(connection.Output));
        return shared;
    }

    private TestConnection[] Open(int count, out InMemoryPeer[] peers)
    {
        peers = [.. Enumerable.Range(0, count).Select(_ => _group.Open())];
        _group.RunUntilIdle();
        return [.. _client.Attached];
    }

    private void RunOnLoop(Action action)
    {
        Exception? fault = null;
        _client.Send(() => fault = Record.Exception(action));
        _group.RunUntilIdle();
        Assert.Null(fault);
    }
}
