using System.Net;
using System.Net.Sockets;
using Starling.Protocol.Loops;

namespace Starling.Transports.Tests.Sockets;

public sealed class ListenAndConnectTests
{
    public static TheoryData<LoopKind, int> AllKinds => Harness.AllKinds;

    [Theory, MemberData(nameof(AllKinds))]
    public async Task A_busy_port_is_refused(LoopKind kind, int loops)
    {
        await using Harness harness = new(kind, loops);

        SocketException busy = Assert.Throws<SocketException>(
            () => harness.Group.Listen(new ListenerOptions { EndPoint = harness.Listener.EndPoint }));

        Assert.Equal(SocketError.AddressAlreadyInUse, busy.SocketErrorCode);
    }

    [Theory, MemberData(nameof(AllKinds))]
    public async Task Stopping_the_listeners_frees_the_port_at_once_and_keeps_connections(LoopKind kind, int loops)
    {
        await using Harness harness = new(kind, loops);
        (Socket peer, _) = await harness.ConnectAttached();

        harness.Group.StopListening();
        BoundListener again = harness.Group.Listen(new ListenerOptions { EndPoint = harness.Listener.EndPoint });

        Assert.Equal(harness.Listener.EndPoint, again.EndPoint);
        peer.Send([1]);
        Assert.Equal([1], Harness.ReadExactly(peer, 1));
        peer.Dispose();
    }

    [Theory, MemberData(nameof(AllKinds))]
    public async Task A_stopped_group_leaves_its_port_free(LoopKind kind, int loops)
    {
        Harness first = new(kind, loops);
        (Socket peer, _) = await first.ConnectAttached();
        Task stop = first.Group.StopAsync(TimeSpan.Zero);
        Assert.Equal(0, peer.Receive(new byte[1]));
        peer.Dispose();
        await stop.WaitAsync(Harness.Patience, TestContext.Current.CancellationToken);

        await using Harness second = new(kind, loops);
        BoundListener again = second.Group.Listen(new ListenerOptions { EndPoint = first.Listener.EndPoint });

        Assert.Equal(first.Listener.EndPoint, again.EndPoint);
    }

    [Theory, MemberData(nameof(AllKinds))]
    public async Task A_connection_opened_by_this_side_reaches_its_loop_and_its_peer(LoopKind kind, int loops)
    {
        await using Harness server = new(kind, loops);
        await using Harness client = new(kind, loops);
        TaskCompletionSource<byte[]> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TestClient target = client.Clients[loops - 1];
        target.OnAttach = connection =>
        {
            connection.Append([1, 2, 3]);
            connection.OnReceive = (_, bytes) =>
            {
                answer.TrySetResult(bytes.ToArray());
                return bytes.Length;
            };
            return connection;
        };
        ConnectionDetails details = new(server.Listener.EndPoint, "mine", 0);

        await client.Group.ConnectAsync(loops - 1, server.Listener.EndPoint, details, TestContext.Current.CancellationToken);

        TestConnection attached = Assert.Single(target.Attached);
        Assert.Equal("mine", attached.Details.ListenerName);
        Assert.Same(details.RemoteEndPoint, attached.Details.RemoteEndPoint);
        Assert.Equal([1, 2, 3], await answer.Task.WaitAsync(Harness.Patience, TestContext.Current.CancellationToken));
        target.Send(attached.Output.Abort);
    }

    [Theory, MemberData(nameof(AllKinds))]
    public async Task A_name_is_looked_up_and_its_addresses_are_tried(LoopKind kind, int loops)
    {
        await using Harness server = new(kind, loops);
        await using Harness client = new(kind, loops);

        await client.Group.ConnectAsync(
            0, new DnsEndPoint("localhost", server.Listener.EndPoint.Port), default, TestContext.Current.CancellationToken);

        TestConnection attached = Assert.Single(client.Clients[0].Attached);
        client.Clients[0].Send(attached.Output.Abort);
    }

    [Theory, MemberData(nameof(AllKinds))]
    public async Task A_refused_connect_says_so(LoopKind kind, int loops)
    {
        await using Harness harness = new(kind, loops);
        harness.Group.StopListening();

        SocketException refused = await Assert.ThrowsAsync<SocketException>(
            async () => await harness.Group.ConnectAsync(0, harness.Listener.EndPoint, default, TestContext.Current.CancellationToken));

        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
        Assert.Empty(harness.Clients[0].Attached);
    }

    [Theory, MemberData(nameof(AllKinds))]
    public async Task A_connect_that_gets_no_answer_is_given_up_in_time(LoopKind kind, int loops)
    {
        // A listener that never accepts, and whose one place is taken, does not answer.
        using Socket deaf = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        deaf.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        deaf.Listen(0);
        EndPoint address = deaf.LocalEndPoint ?? throw new InvalidOperationException();
        using Socket first = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        first.Connect(address);
        await using LoopGroup group = LoopGroup.Start(
            new LoopGroupOptions
            {
                Loops = loops, Kind = kind, Budget = new MemoryBudget(1 << 20), ConnectTimeout = TimeSpan.FromMilliseconds(100),
            },
            static _ => new TestClient { RecordsCalls = false });

        SocketException late = await Assert.ThrowsAsync<SocketException>(
            async () => await group.ConnectAsync(0, address, default, TestContext.Current.CancellationToken));

        Assert.Equal(SocketError.TimedOut, late.SocketErrorCode);
    }

    [Fact]
    public async Task Automatic_is_epoll_on_Linux_and_portable_elsewhere()
    {
        await using Harness harness = new(LoopKind.Automatic, 1);

        Assert.Equal(OperatingSystem.IsLinux() ? LoopKind.Epoll : LoopKind.Portable, harness.Group.Kind);
    }
}
