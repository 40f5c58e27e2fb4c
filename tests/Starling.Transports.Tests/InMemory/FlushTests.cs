using Starling.Protocol.Loops;
using Starling.Transports.InMemory;

namespace Starling.Transports.Tests.InMemory;

/// <summary>When output leaves, and when buffers do.</summary>
public sealed class FlushTests
{
    private const int AtOnceBytes = 64 * 1024;

    private readonly TestClient _client = new();
    private readonly InMemoryLoopGroup _group;

    public FlushTests() => _group = new InMemoryLoopGroup(1, _ => _client);

    [Theory, InlineData(AtOnceBytes - 1, 0), InlineData(AtOnceBytes, AtOnceBytes)]
    public void Much_output_of_one_connection_leaves_before_the_end_of_the_iteration(int appended, int sentAtOnce)
    {
        InMemoryPeer peer = Attached();
        int sent = -1;
        _client.Send(() =>
        {
            _client.Attached.Last().Append(new byte[appended]);
            sent = peer.AvailableBytes;
        });

        _group.RunIteration();

        Assert.Equal(sentAtOnce, sent);
        Assert.Equal(appended, peer.AvailableBytes);
    }

    [Fact]
    public void Much_output_of_all_connections_leaves_before_the_end_of_the_iteration()
    {
        InMemoryPeer[] peers = [.. Enumerable.Range(0, 40).Select(_ => Attached())];
        int sent = -1;
        _client.Send(() =>
        {
            foreach (TestConnection connection in _client.Attached)
            {
                connection.Append(new byte[60_000]);
            }

            sent = peers.Sum(static peer => peer.AvailableBytes);
        });

        _group.RunIteration();

        Assert.InRange(sent, 1024 * 1024, 40 * 60_000);
        Assert.All(peers, static peer => Assert.Equal(60_000, peer.AvailableBytes));
    }

    [Fact]
    public void Output_that_was_never_held_up_is_not_reported_drained()
    {
        Attached().Write([1]);

        _group.RunUntilIdle();

        Assert.Equal(0, _client.Attached.Last().DrainedCalls);
    }

    [Fact]
    public void A_span_that_is_asked_for_and_not_used_costs_no_buffer_afterwards()
    {
        Attached();
        _client.Send(() => _client.Attached.Last().Output.GetSpan(10));

        _group.RunIteration();

        Assert.Equal(0, _group.Budget.UsedBytes);
    }

    [Fact]
    public void A_peer_that_ends_its_side_gets_what_was_answered_to_its_last_bytes()
    {
        InMemoryPeer peer = Attached();
        _client.Attached.Last().OnReceive = static (connection, bytes) =>
        {
            connection.Client.Send(() => connection.Append([8]));
            return bytes.Length;
        };
        peer.Write([1]);
        _group.RunIteration();
        peer.CloseByPeer();

        _group.RunUntilIdle();

        Assert.Equal([8], peer.Read());
        Assert.Equal(ConnectionEnd.ByPeer, peer.End);
    }

    [Fact]
    public void What_comes_after_a_close_goes_nowhere()
    {
        InMemoryPeer peer = Attached();
        TestConnection connection = _client.Attached.Last();
        connection.Append([1]);
        connection.Output.Close();
        connection.Append([2]);
        peer.Write([3]);

        _group.RunUntilIdle();

        Assert.Equal([1], peer.Read());
        Assert.DoesNotContain("receive", _client.Calls);
    }

    [Fact]
    public void Buffers_that_a_burst_took_are_let_go_of_when_it_is_over()
    {
        InMemoryPeer peer = Attached();
        peer.Write(new byte[60_000]);
        _group.RunUntilIdle();
        BufferPool buffers = _group.Loops[0].Loop.Buffers;
        Assert.InRange(buffers.IdleBytes, 60_000, long.MaxValue);

        _group.AdvanceTime(TimeSpan.FromSeconds(11));

        Assert.Equal(0, buffers.IdleBytes);
    }

    [Fact]
    public void An_iteration_takes_one_read_of_each_connection()
    {
        InMemoryPeer peer = Attached();
        peer.Write(new byte[100_000]);

        _group.RunIteration();
        Assert.Equal(64 * 1024, peer.AvailableBytes);

        _group.RunIteration();
        Assert.Equal(100_000, peer.AvailableBytes);
    }

    private InMemoryPeer Attached()
    {
        InMemoryPeer peer = _group.Open();
        _group.RunUntilIdle();
        return peer;
    }
}
