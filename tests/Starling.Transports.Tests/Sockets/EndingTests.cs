using System.Net.Sockets;
using Starling.Protocol.Loops;

namespace Starling.Transports.Tests.Sockets;

public sealed class EndingTests
{
    public static TheoryData<LoopKind, int> AllKinds => Harness.AllKinds;

    [Theory, MemberData(nameof(AllKinds))]
    public async Task A_close_lets_the_peer_read_the_last_bytes_though_it_had_sent_unread_data(LoopKind kind, int loops)
    {
        await using Harness harness = new(kind, loops);
        (Socket peer, TestConnection connection) = await harness.ConnectAttached();
        byte[] last = Harness.Pattern(100_000);
        await Pause(connection);
        peer.Send(new byte[50_000]);

        connection.Client.Send(() =>
        {
            connection.Append(last);
            connection.Output.Close();
        });
        peer.Send(new byte[50_000]);

        Assert.Equal(last, Harness.ReadExactly(peer, last.Length));
        Assert.Equal(0, peer.Receive(new byte[1]));
        peer.Dispose();
        Assert.Equal(ConnectionEnd.ByUs, await End(connection));
    }

    [Theory, MemberData(nameof(AllKinds))]
    public async Task A_close_is_over_after_a_second_when_the_peer_does_not_close(LoopKind kind, int loops)
    {
        await using Harness harness = new(kind, loops);
        (Socket peer, TestConnection connection) = await harness.ConnectAttached();

        connection.Client.Send(connection.Output.Close);

        Assert.Equal(ConnectionEnd.ByUs, await End(connection));
        peer.Dispose();
    }

    [Theory, MemberData(nameof(AllKinds))]
    public async Task A_close_sends_what_is_pending_to_a_peer_that_has_ended_its_side(LoopKind kind, int loops)
    {
        await using Harness harness = new(kind, loops);
        (Socket peer, TestConnection connection) = await harness.ConnectAttached();
        byte[] last = Harness.Pattern(20_000_000);
        await connection.Client.Ask(() =>
        {
            connection.Append(last);
            connection.Output.Close();
            return true;
        });
        peer.Shutdown(SocketShutdown.Send);

        Assert.Equal(last, Harness.ReadExactly(peer, last.Length));
        Assert.Equal(ConnectionEnd.ByUs, await End(connection));
        peer.Dispose();
    }

    [Theory, MemberData(nameof(AllKinds))]
    public async Task An_abort_resets_and_forgets_what_is_pending(LoopKind kind, int loops)
    {
        await using Harness harness = new(kind, loops);
        (Socket peer, TestConnection connection) = await harness.ConnectAttached();

        connection.Client.Send(() =>
        {
            connection.Append([1]);
            connection.Output.Abort();
        });

        SocketException reset = Assert.Throws<SocketException>(() => peer.Receive(new byte[1]));
        Assert.Equal(SocketError.ConnectionReset, reset.SocketErrorCode);
        Assert.Equal(ConnectionEnd.ByUs, await End(connection));
        await Harness.Until(() => harness.Budget.UsedBytes == 0);
        peer.Dispose();
    }

    [Theory, MemberData(nameof(AllKinds))]
    public async Task An_orderly_end_by_the_peer_is_told_once(LoopKind kind, int loops)
    {
        await using Harness harness = new(kind, loops);
        (Socket peer, TestConnection connection) = await harness.ConnectAttached();

        peer.Dispose();

        Assert.Equal(ConnectionEnd.ByPeer, await End(connection));
        Assert.Equal(1, await connection.Client.Ask(() => connection.ClosedCalls));
    }

    [Theory, MemberData(nameof(AllKinds))]
    public async Task A_reset_by_the_peer_is_a_failure(LoopKind kind, int loops)
    {
        await using Harness harness = new(kind, loops);
        (Socket peer, TestConnection connection) = await harness.ConnectAttached();

        Reset(peer);

        Assert.Equal(ConnectionEnd.Failed, await End(connection));
    }

    [Theory, MemberData(nameof(AllKinds))]
    public async Task A_reset_is_told_also_to_a_connection_that_does_not_read(LoopKind kind, int loops)
    {
        await using Harness harness = new(kind, loops);
        (Socket peer, TestConnection connection) = await harness.ConnectAttached();
        await Pause(connection);

        Reset(peer);

        Assert.Equal(ConnectionEnd.Failed, await End(connection));
    }

    [Theory, MemberData(nameof(AllKinds))]
    public async Task What_a_peer_sent_before_it_went_away_is_read_though_a_send_to_it_fails(LoopKind kind, int loops)
    {
        await using Harness harness = new(kind, loops);
        (Socket peer, TestConnection connection) = await harness.ConnectAttached();
        await Pause(connection);
        int received = 0;
        connection.OnReceive = (one, bytes) =>
        {
            received += bytes.Length;
            return bytes.Length;
        };
        peer.Send(new byte[1000]);
        peer.Dispose();

        // The first send makes the peer's system answer with a reset, later ones fail.
        await connection.Client.Ask(() =>
        {
            connection.Output.ResumeReading();
            connection.Append([1]);
            return true;
        });
        await End(connection);

        Assert.Equal(1000, received);
    }

    [Theory, MemberData(nameof(AllKinds))]
    public async Task A_stop_sends_what_is_pending_and_ends(LoopKind kind, int loops)
    {
        await using Harness harness = new(kind, loops);
        (Socket peer, TestConnection connection) = await harness.ConnectAttached();
        byte[] last = Harness.Pattern(10_000_000);
        await connection.Client.Ask(() =>
        {
            connection.Append(last);
            return true;
        });

        Task stop = harness.Group.StopAsync(TimeSpan.Zero);
        Assert.Equal(last, Harness.ReadExactly(peer, last.Length));
        Assert.Equal(0, peer.Receive(new byte[1]));
        peer.Dispose();

        await stop.WaitAsync(Harness.Patience, TestContext.Current.CancellationToken);
        Assert.Equal(ConnectionEnd.ByUs, await End(connection));
        Assert.True(harness.Group.Completion.IsCompletedSuccessfully);
        Assert.Equal(0, harness.Budget.UsedBytes);
    }

    [Theory, MemberData(nameof(AllKinds))]
    public async Task A_stop_within_its_grace_leaves_the_closing_to_the_clients(LoopKind kind, int loops)
    {
        await using Harness harness = new(kind, loops);
        (Socket peer, TestConnection connection) = await harness.ConnectAttached();

        Task stop = harness.Group.StopAsync(TimeSpan.FromMinutes(5));
        peer.Send([1]);
        Assert.Equal([1], Harness.ReadExactly(peer, 1));
        Assert.False(stop.IsCompleted);
        connection.Client.Send(connection.Output.Close);
        Assert.Equal(0, peer.Receive(new byte[1]));
        peer.Dispose();

        await stop.WaitAsync(Harness.Patience, TestContext.Current.CancellationToken);
    }

    private static void Reset(Socket peer)
    {
        peer.LingerState = new LingerOption(enable: true, seconds: 0);
        peer.Dispose();
    }

    private static Task<bool> Pause(TestConnection connection) => connection.Client.Ask(() =>
    {
        connection.Output.PauseReading();
        return true;
    });

    private static Task<ConnectionEnd> End(TestConnection connection) =>
        connection.Closing.Task.WaitAsync(Harness.Patience, TestContext.Current.CancellationToken);
}
