using System.Net.Sockets;
using Starling.Protocol.Loops;

namespace Starling.Transports.Tests.Sockets;

/// <summary>Exceptions of a client are our own faults: they end one connection, and never a loop.</summary>
public sealed class FaultTests
{
    public static TheoryData<LoopKind, int> AllKinds => Harness.AllKinds;

    [Theory, MemberData(nameof(AllKinds)), Statement("MQTT311-4.8.0-2")]
    public async Task A_fault_while_receiving_ends_that_connection_only(LoopKind kind, int loops)
    {
        await using Harness harness = new(kind, loops);
        (Socket bad, TestConnection faulty) = await harness.ConnectAttached();
        (Socket good, _) = await harness.ConnectAttached();
        faulty.OnReceive = static (_, _) => throw new InvalidOperationException("a defect");

        bad.Send([1]);
        Assert.Equal(ConnectionEnd.ByUs, await faulty.Closing.Task.WaitAsync(Harness.Patience, TestContext.Current.CancellationToken));

        good.Send([2]);
        Assert.Equal([2], Harness.ReadExactly(good, 1));
        (_, string text) = Assert.Single(harness.Log.Entries, entry => entry.Id.Id == 3001);
        Assert.Contains("a defect", text, StringComparison.Ordinal);
        Assert.Contains(faulty.Details.RemoteEndPoint?.ToString() ?? "no end point", text, StringComparison.Ordinal);
        bad.Dispose();
        good.Dispose();
    }

    [Theory, MemberData(nameof(AllKinds))]
    public async Task A_fault_while_attaching_closes_the_connection(LoopKind kind, int loops)
    {
        bool isFaulty = true;
        await using Harness harness = new(
            kind, loops, connection => isFaulty ? throw new InvalidOperationException("a defect") : connection);
        using Socket bad = harness.Connect();
        Assert.Throws<SocketException>(() => bad.Receive(new byte[1]));

        isFaulty = false;
        using Socket good = harness.Connect();
        good.Send([2]);
        Assert.Equal([2], Harness.ReadExactly(good, 1));
    }

    [Theory, MemberData(nameof(AllKinds))]
    public async Task A_fault_in_the_end_of_a_connection_does_not_keep_it(LoopKind kind, int loops)
    {
        await using Harness harness = new(kind, loops);
        (Socket peer, TestConnection connection) = await harness.ConnectAttached();
        connection.OnClosed = static _ => throw new InvalidOperationException("a defect");

        peer.Dispose();
        await Harness.Until(() => !harness.Log.Entries.IsEmpty);

        await harness.Group.StopAsync(TimeSpan.FromMinutes(5)).WaitAsync(Harness.Patience, TestContext.Current.CancellationToken);
        Assert.True(harness.Group.Completion.IsCompletedSuccessfully);
    }

    [Theory, MemberData(nameof(AllKinds))]
    public async Task A_fault_in_mail_or_in_time_does_not_end_the_loop(LoopKind kind, int loops)
    {
        await using Harness harness = new(kind, loops);
        TestClient client = harness.Clients[0];
        client.Send(static () => throw new InvalidOperationException("a defect"));
        client.Send(() => client.OnAdvance = _ =>
        {
            client.OnAdvance = null;
            throw new InvalidOperationException("another");
        });

        Assert.Equal(3, await client.Ask(static () => 3).WaitAsync(Harness.Patience, TestContext.Current.CancellationToken));
        await Harness.Until(() => harness.Log.Entries.Count(entry => entry.Id.Id == 3002) == 2);
    }

    [Theory, MemberData(nameof(AllKinds))]
    public async Task A_client_that_takes_nothing_of_what_it_needs_loses_its_connection(LoopKind kind, int loops)
    {
        await using Harness harness = new(kind, loops);
        (Socket peer, TestConnection connection) = await harness.ConnectAttached();
        connection.OnReceive = static (_, _) => 0;

        Task sending = Task.Run(
            () =>
            {
                try
                {
                    peer.Send(new byte[10_000_000]);
                }
                catch (SocketException)
                {
                    // The reset that is expected.
                }
            },
            TestContext.Current.CancellationToken);

        Assert.Equal(ConnectionEnd.ByUs, await connection.Closing.Task.WaitAsync(Harness.Patience, TestContext.Current.CancellationToken));
        await sending;
        await Harness.Until(() => harness.Budget.UsedBytes == 0);
        peer.Dispose();
    }

    [Theory, MemberData(nameof(AllKinds))]
    public async Task A_move_outside_a_receive_is_refused(LoopKind kind, int loops)
    {
        await using Harness harness = new(kind, loops);
        (Socket peer, TestConnection connection) = await harness.ConnectAttached();

        Exception? refusal = await connection.Client.Ask(() => Record.Exception(() => connection.Output.MoveTo(0)));

        Assert.IsType<InvalidOperationException>(refusal);
        peer.Dispose();
    }

    [Theory, InlineData(LoopKind.Epoll), InlineData(LoopKind.Portable)]
    public async Task A_loop_whose_client_cannot_start_faults_the_group(LoopKind kind)
    {
        LoopGroup group = LoopGroup.Start(
            new LoopGroupOptions { Loops = 1, Kind = kind, Budget = new MemoryBudget(1 << 20) }, static _ => new TestClient { FailsToStart = true });

        await Assert.ThrowsAsync<InvalidOperationException>(() => group.Completion.WaitAsync(Harness.Patience, TestContext.Current.CancellationToken));
        await group.DisposeAsync();
    }
}
