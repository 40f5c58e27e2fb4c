using System.Net;
using System.Net.Sockets;
using Starling.Protocol.Loops;

namespace Starling.Transports.Tests.Sockets;

public sealed class EchoTests
{
    public static TheoryData<LoopKind, int> AllKinds => Harness.AllKinds;

    [Theory, MemberData(nameof(AllKinds))]
    public async Task What_arrives_in_single_bytes_is_given_until_it_is_taken(LoopKind kind, int loops)
    {
        await using Harness harness = new(kind, loops, static connection =>
        {
            connection.OnReceive = static (one, bytes) => bytes.Length >= 10 ? one.Echo(bytes[..10]) : 0;
            return connection;
        });
        using Socket peer = harness.Connect();
        byte[] message = Harness.Pattern(10);

        for (int split = 0; split <= 10; split++)
        {
            peer.Send(message.AsSpan(0, split));
            peer.Send(message.AsSpan(split));
            Assert.Equal(message, Harness.ReadExactly(peer, 10));
        }

        foreach (byte one in message)
        {
            peer.Send([one]);
        }

        Assert.Equal(message, Harness.ReadExactly(peer, 10));
    }

    [Theory, MemberData(nameof(AllKinds))]
    public async Task A_packet_longer_than_the_read_buffer_is_given_whole(LoopKind kind, int loops)
    {
        const int Length = 3_000_000;
        await using Harness harness = new(kind, loops, static connection =>
        {
            connection.NeededBytes = Length;
            connection.OnReceive = static (one, bytes) => bytes.Length >= Length ? one.Echo(bytes[..Length]) : 0;
            return connection;
        });
        (Socket peer, TestConnection connection) = await harness.ConnectAttached();
        byte[] message = Harness.Pattern(Length);

        Task sending = Task.Run(() => peer.Send(message), TestContext.Current.CancellationToken);
        Assert.Equal(message, Harness.ReadExactly(peer, Length));
        await sending;

        peer.Dispose();
        await connection.Closing.Task.WaitAsync(Harness.Patience, TestContext.Current.CancellationToken);
        await Harness.Until(() => harness.Budget.UsedBytes == 0);
    }

    [Theory, MemberData(nameof(AllKinds))]
    public async Task Output_that_the_peer_reads_slowly_arrives_whole_and_is_reported_drained(LoopKind kind, int loops)
    {
        const int Length = 20_000_000;
        await using Harness harness = new(kind, loops);
        (Socket peer, TestConnection connection) = await harness.ConnectAttached();
        byte[] message = Harness.Pattern(Length);

        int pending = await connection.Client.Ask(() =>
        {
            connection.Append(message);
            return connection.Output.PendingBytes;
        });
        Assert.InRange(pending, 1, Length);

        Assert.Equal(message, Harness.ReadExactly(peer, Length));
        await Harness.Until(() => connection.DrainedCalls == 1);
        Assert.Equal(0, await connection.Client.Ask(() => connection.Output.PendingBytes));
        peer.Dispose();
    }

    [Theory, MemberData(nameof(AllKinds))]
    public async Task A_pause_loses_no_byte(LoopKind kind, int loops)
    {
        await using Harness harness = new(kind, loops);
        (Socket peer, TestConnection connection) = await harness.ConnectAttached();
        byte[] message = Harness.Pattern(300_000);
        int paused = 0;
        connection.OnReceive = (one, bytes) =>
        {
            one.Output.PauseReading();
            paused++;
            one.Client.Send(one.Output.ResumeReading);
            return one.Echo(bytes[..((bytes.Length + 1) / 2)]);
        };

        Task sending = Task.Run(() => peer.Send(message), TestContext.Current.CancellationToken);
        Assert.Equal(message, Harness.ReadExactly(peer, message.Length));
        await sending;
        Assert.True(paused > 1);
        peer.Dispose();
    }

    [Theory, MemberData(nameof(AllKinds))]
    public async Task Nothing_is_given_while_reading_is_paused(LoopKind kind, int loops)
    {
        await using Harness harness = new(kind, loops);
        (Socket peer, TestConnection connection) = await harness.ConnectAttached();
        await connection.Client.Ask(() =>
        {
            connection.Output.PauseReading();
            return true;
        });
        int received = 0;
        connection.OnReceive = (one, bytes) =>
        {
            received += bytes.Length;
            return one.Echo(bytes);
        };

        peer.Send(new byte[5]);
        using Socket other = harness.Connect();
        for (int i = 0; i < 20; i++)
        {
            other.Send([1]);
            Harness.ReadExactly(other, 1);
        }

        Assert.Equal(0, await connection.Client.Ask(() => received));
        connection.Client.Send(connection.Output.ResumeReading);
        Assert.Equal(5, Harness.ReadExactly(peer, 5).Length);
        peer.Dispose();
    }

    [Theory, MemberData(nameof(AllKinds))]
    public async Task A_move_keeps_unread_bytes_and_the_details(LoopKind kind, int loops)
    {
        await using Harness harness = new(kind, loops);
        (Socket peer, TestConnection connection) = await harness.ConnectAttached();
        int target = loops - 1 - connection.Client.Loop.Index;
        connection.OnReceive = (one, bytes) =>
        {
            one.Output.MoveTo(target);
            return 1;
        };

        peer.Send([7, 1, 2, 3]);
        Assert.Equal([1, 2, 3], Harness.ReadExactly(peer, 3));
        peer.Send([4, 5]);
        Assert.Equal([4, 5], Harness.ReadExactly(peer, 2));

        TestConnection moved = harness.Clients[target].Attached.Last();
        Assert.NotSame(connection, moved);
        Assert.Equal(connection.Details, moved.Details);
        Assert.Equal(0, connection.ClosedCalls);
        peer.Dispose();
    }

    [Theory, MemberData(nameof(AllKinds))]
    public async Task Moves_and_pauses_in_quick_succession_lose_no_byte(LoopKind kind, int loops)
    {
        const int Rounds = 3000;
        int step = 0;
        await using Harness harness = new(kind, loops, connection =>
        {
            connection.OnReceive = MoveOrPauseOrEcho;
            return connection;
        });
        using Socket peer = harness.Connect();
        byte[] message = Harness.Pattern(64);

        for (int round = 0; round < Rounds; round++)
        {
            peer.Send(message.AsSpan(0, 40));
            peer.Send(message.AsSpan(40));
            Assert.Equal(message, Harness.ReadExactly(peer, message.Length));
        }

        int MoveOrPauseOrEcho(TestConnection connection, ReadOnlySpan<byte> bytes)
        {
            // One connection, and a move orders what its two loops do: a plain counter will do.
            step++;
            if (step % 3 == 0 && connection.Output.PendingBytes == 0)
            {
                connection.Output.MoveTo(step % loops);
                return 0;
            }

            if (step % 3 == 1)
            {
                connection.Output.PauseReading();
                connection.Client.Send(connection.Output.ResumeReading);
                return connection.Echo(bytes[..((bytes.Length + 1) / 2)]);
            }

            return connection.Echo(bytes);
        }
    }

    [Theory, MemberData(nameof(AllKinds))]
    public async Task Five_hundred_connections_are_served_and_own_no_buffer_when_idle(LoopKind kind, int loops)
    {
        await using Harness harness = new(kind, loops);
        Socket[] peers = [.. Enumerable.Range(0, 500).Select(_ => harness.Connect())];
        foreach (Socket peer in peers)
        {
            peer.Send([1, 2, 3]);
        }

        foreach (Socket peer in peers)
        {
            Assert.Equal([1, 2, 3], Harness.ReadExactly(peer, 3));
        }

        await Harness.Until(() => harness.Budget.UsedBytes == 0);
        Assert.Equal(500, harness.Clients.Sum(client => client.Attached.Count));
        Assert.True(harness.Clients.All(client => client.Attached.Count == 500 / loops));
        Array.ForEach(peers, static peer => peer.Dispose());
        foreach (TestConnection connection in harness.Clients.SelectMany(client => client.Attached))
        {
            Assert.Equal(ConnectionEnd.ByPeer, await connection.Closing.Task.WaitAsync(Harness.Patience, TestContext.Current.CancellationToken));
        }
    }

    [Theory, MemberData(nameof(AllKinds))]
    public async Task Letters_between_loops_are_never_lost(LoopKind kind, int loops)
    {
        const int Letters = 200_000;
        await using Harness harness = new(kind, loops);
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Pass(0);
        await done.Task.WaitAsync(Harness.Patience, TestContext.Current.CancellationToken);

        void Pass(int count)
        {
            if (count == Letters)
            {
                done.SetResult();
                return;
            }

            harness.Clients[count % loops].Send(() => Pass(count + 1));
        }
    }

    [Theory, MemberData(nameof(AllKinds))]
    public async Task A_deadline_wakes_a_sleeping_loop_and_is_not_early(LoopKind kind, int loops)
    {
        await using Harness harness = new(kind, loops);
        TestClient client = harness.Clients[loops - 1];
        TaskCompletionSource<long> late = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await client.Ask(() =>
        {
            client.OnAdvance = now =>
            {
                if (client.Deadline == long.MaxValue)
                {
                    client.Deadline = now.MonotonicMilliseconds + 50;
                }
                else if (now.MonotonicMilliseconds >= client.Deadline)
                {
                    late.TrySetResult(now.MonotonicMilliseconds - client.Deadline);
                    client.Deadline = long.MaxValue;
                    client.OnAdvance = null;
                }
            };
            return true;
        });

        Assert.True(await late.Task.WaitAsync(Harness.Patience, TestContext.Current.CancellationToken) >= 0);
    }

    [Theory, InlineData(LoopKind.Epoll), InlineData(LoopKind.Portable)]
    public async Task IPv4_and_IPv6_can_share_a_port_number(LoopKind kind)
    {
        await using Harness harness = new(kind, 1);
        BoundListener six = harness.Group.Listen(
            new ListenerOptions { EndPoint = new IPEndPoint(IPAddress.IPv6Loopback, harness.Listener.EndPoint.Port), Name = "six" });

        using Socket peer = new(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
        peer.Connect(six.EndPoint);
        peer.Send([6]);

        Assert.Equal([6], Harness.ReadExactly(peer, 1));
        TestConnection connection = harness.Clients[0].Attached.Single();
        Assert.Equal("six", connection.Details.ListenerName);
        Assert.Equal(peer.LocalEndPoint, connection.Details.RemoteEndPoint);
    }
}
