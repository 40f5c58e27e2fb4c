using Starling.Protocol.Loops;
using Starling.Transports.InMemory;

namespace Starling.Transports.Tests.InMemory;

public sealed class InMemoryLoopTests
{
    private readonly TestClient[] _clients = [new(), new()];
    private readonly InMemoryLoopGroup _group;

    public InMemoryLoopTests() => _group = new InMemoryLoopGroup(2, index => _clients[index]);

    [Fact]
    public void Bytes_are_echoed_within_one_iteration()
    {
        InMemoryPeer peer = _group.Open();
        peer.Write([1, 2, 3]);

        _group.RunIteration();

        Assert.Equal([1, 2, 3], peer.Read());
    }

    [Fact]
    public void An_iteration_is_events_then_mail_then_time_then_flush()
    {
        InMemoryPeer peer = Attached();
        peer.Write([1]);
        int sentAtAdvance = -1;
        _clients[0].OnAdvance = _ => sentAtAdvance = peer.AvailableBytes;
        _clients[0].Calls.Clear();

        _group.Loops[0].RunIteration();

        Assert.Equal(["receive", "mail", "advance"], _clients[0].Calls);
        Assert.Equal(0, sentAtAdvance);
        Assert.Equal(1, peer.AvailableBytes);
    }

    [Fact]
    public void An_own_close_is_told_when_the_peer_has_closed_too()
    {
        InMemoryPeer peer = Attached();
        TestConnection connection = Connection();
        connection.Append([9]);
        connection.Output.Close();

        _group.RunUntilIdle();
        Assert.True(peer.IsClosed);
        Assert.Equal([9], peer.Read());
        Assert.Equal(0, connection.ClosedCalls);

        peer.CloseByPeer();
        _group.RunUntilIdle();
        Assert.Equal(ConnectionEnd.ByUs, peer.End);
        Assert.Equal(1, connection.ClosedCalls);
    }

    [Fact]
    public void An_own_close_lingers_one_second_at_most()
    {
        InMemoryPeer peer = Attached();
        Connection().Output.Close();

        _group.AdvanceTime(TimeSpan.FromMilliseconds(999));
        Assert.Null(peer.End);

        _group.AdvanceTime(TimeSpan.FromMilliseconds(1));
        Assert.Equal(ConnectionEnd.ByUs, peer.End);
    }

    [Fact]
    public void A_peer_that_does_not_take_the_rest_is_given_up_after_five_seconds()
    {
        InMemoryPeer peer = Attached();
        peer.AcceptBytesMax = 0;
        Connection().Append([1]);
        Connection().Output.Close();

        _group.AdvanceTime(TimeSpan.FromMilliseconds(4999));
        Assert.Null(peer.End);

        _group.AdvanceTime(TimeSpan.FromMilliseconds(1));
        Assert.Equal(ConnectionEnd.NotTaken, peer.End);
        Assert.True(peer.IsReset);
    }

    [Fact]
    public void An_abort_forgets_what_is_pending()
    {
        InMemoryPeer peer = Attached();
        Connection().Append([1]);
        Connection().Output.Abort();

        _group.RunIteration();

        Assert.Equal(ConnectionEnd.ByUs, peer.End);
        Assert.Empty(peer.Read());
        Assert.Equal(0, _group.Budget.UsedBytes);
    }

    [Fact]
    public void A_peer_that_does_not_read_leaves_output_pending_until_it_does()
    {
        InMemoryPeer peer = Attached();
        TestConnection connection = Connection();
        peer.AcceptBytesMax = 10;
        connection.Append(new byte[25]);
        _group.RunUntilIdle();
        Assert.Equal(15, connection.Output.PendingBytes);
        Assert.Equal(0, connection.DrainedCalls);

        Assert.Equal(10, peer.Read().Length);
        _group.RunUntilIdle();
        Assert.Equal(5, connection.Output.PendingBytes);

        Assert.Equal(10, peer.Read().Length);
        _group.RunUntilIdle();
        Assert.Equal(0, connection.Output.PendingBytes);
        Assert.Equal(1, connection.DrainedCalls);
    }

    [Fact]
    public void A_move_keeps_the_bytes_not_taken_and_tells_no_close()
    {
        InMemoryPeer peer = Attached();
        TestConnection first = Connection();
        first.OnReceive = static (connection, _) =>
        {
            connection.Output.MoveTo(1);
            return 2;
        };
        peer.Write([1, 2, 3, 4]);

        _group.RunUntilIdle();

        Assert.Equal(1, peer.LoopIndex);
        Assert.Equal([3, 4], peer.Read());
        Assert.Equal(0, first.ClosedCalls);
        Assert.Equal(0, _group.Loops[0].ConnectionCount);
        Assert.Equal(1, _group.Loops[1].ConnectionCount);
    }

    [Fact]
    public void Deadlines_fire_in_order_at_their_instants()
    {
        List<(int Loop, long At)> fired = [];
        Schedule(0, 30, fired);
        Schedule(1, 20, fired);

        _group.AdvanceTime(TimeSpan.FromMilliseconds(100));

        Assert.Equal([(1, 20L), (0, 30L)], fired);
        Assert.Equal(100, _group.Time.GetTimestamp());
    }

    [Fact]
    public void The_wall_clock_may_jump_and_the_monotonic_one_does_not()
    {
        long before = _group.Loops[0].Now.UtcMilliseconds;

        _group.Time.JumpUtc(TimeSpan.FromHours(-1));
        _group.RunIteration();

        Assert.Equal(0, _group.Loops[0].Now.MonotonicMilliseconds);
        Assert.Equal(before - 3_600_000, _group.Loops[0].Now.UtcMilliseconds);
    }

    [Fact]
    public void While_one_loop_runs_only_that_one_is_current()
    {
        List<bool> current = [];
        _clients[0].OnAdvance = _ => current.AddRange([_clients[0].Loop.IsCurrent, _clients[1].Loop.IsCurrent]);

        _group.Loops[0].RunIteration();

        Assert.Equal([true, false], current);
    }

    [Fact]
    public void A_reset_is_told_also_to_a_connection_that_does_not_read()
    {
        InMemoryPeer peer = Attached();
        Connection().Output.PauseReading();
        peer.ResetByPeer();

        _group.RunUntilIdle();

        Assert.Equal(ConnectionEnd.Failed, peer.End);
    }

    [Fact]
    public void A_letter_to_a_later_loop_is_read_in_the_same_round()
    {
        bool isRead = false;
        _clients[0].OnAdvance = _ =>
        {
            _clients[0].OnAdvance = null;
            _clients[1].Send(() => isRead = true);
        };

        _group.RunIteration();

        Assert.True(isRead);
    }

    private InMemoryPeer Attached()
    {
        InMemoryPeer peer = _group.Open();
        _group.RunUntilIdle();
        return peer;
    }

    private TestConnection Connection() => _clients[0].Attached.Last();

    private void Schedule(int loop, long at, List<(int Loop, long At)> fired)
    {
        _clients[loop].Deadline = at;
        _clients[loop].OnAdvance = now =>
        {
            if (now.MonotonicMilliseconds >= at && _clients[loop].Deadline == at)
            {
                fired.Add((loop, now.MonotonicMilliseconds));
                _clients[loop].Deadline = long.MaxValue;
            }
        };
    }
}
