using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Starling.Protocol.Loops;
using Starling.Transports.InMemory;
using Starling.Transports.Loops;

namespace Starling.Transports.Tests.Sockets;

/// <summary>What the whole process uses; so these run alone.</summary>
[Collection(nameof(Alone))]
[SuppressMessage("Interoperability", "SYSLIB1054", Justification = "Of a test.")]
public sealed class ResourceTests
{
    public static TheoryData<LoopKind, int> AllKinds => Harness.AllKinds;

    [Theory, MemberData(nameof(AllKinds))]
    public async Task A_stopped_group_leaves_no_file_descriptor(LoopKind kind, int loops)
    {
        await UseAndStop(kind, loops);
        int before = OpenDescriptors();

        await UseAndStop(kind, loops);

        await Harness.Until(() => OpenDescriptors() <= before);
    }

    [Theory, InlineData(LoopKind.Epoll, 1), InlineData(LoopKind.Epoll, 2)]
    public async Task An_echo_allocates_nothing_on_the_loops_thread(LoopKind kind, int loops)
    {
        const int Rounds = 2000;
        await using Harness harness = new(kind, loops);
        (Socket peer, TestConnection connection) = await harness.ConnectAttached();
        byte[] message = Harness.Pattern(300);
        byte[] answer = new byte[300];
        Echo(Rounds);

        long before = await connection.Client.Ask(GC.GetAllocatedBytesForCurrentThread);
        Echo(Rounds);
        long after = await connection.Client.Ask(GC.GetAllocatedBytesForCurrentThread);

        // The question itself allocates; one byte per round would be more than this.
        Assert.InRange(after - before, 0, Rounds - 1);
        peer.Dispose();

        void Echo(int rounds)
        {
            for (int i = 0; i < rounds; i++)
            {
                peer.Send(message);
                for (int read = 0; read < answer.Length;)
                {
                    read += peer.Receive(answer.AsSpan(read));
                }
            }
        }
    }

    [Fact]
    public void An_idle_connection_costs_less_than_300_bytes_with_its_address()
    {
        const int Count = 1000;
        InMemoryLoopGroup group = new(1, static _ => new TestClient());
        EventLoop loop = group.Loops[0].EventLoop;
        LoopConnection[] connections = new LoopConnection[Count];
        byte[] address = [127, 0, 0, 1];

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Count; i++)
        {
            ConnectionDetails details = new(new IPEndPoint(new IPAddress(address), i), "", 0);
            connections[i] = new LoopConnection(loop, new TransportSocket(i, null), details);
        }

        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / Count, 1, 299);
    }

    [Theory, InlineData(LoopKind.Epoll), InlineData(LoopKind.Portable)]
    public async Task Out_of_file_descriptors_accepting_waits_and_goes_on(LoopKind kind)
    {
        await using Harness harness = new(kind, 1);
        using (Socket warm = harness.Connect())
        {
            warm.Send([0]);
            Harness.ReadExactly(warm, 1);
        }

        using Socket peer = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await Harness.Until(() => harness.Clients[0].Attached.All(static one => one.Closing.Task.IsCompleted));
        Assert.Equal(0, GetLimit(OpenFiles, out Limit limit));
        Limit exhausted = limit with { Current = (ulong)HighestDescriptor() + 1 };
        List<Socket> fill = FillGaps();
        try
        {
            Assert.Equal(0, SetLimit(OpenFiles, exhausted));
            peer.Connect(harness.Listener.EndPoint);
            await Harness.Until(() => harness.Log.Entries.Any(static entry => entry.Id.Id == 3003));
        }
        finally
        {
            _ = SetLimit(OpenFiles, limit);
            fill.ForEach(static socket => socket.Dispose());
        }

        peer.ReceiveTimeout = (int)Harness.Patience.TotalMilliseconds;
        peer.Send([1]);
        Assert.Equal([1], Harness.ReadExactly(peer, 1));
    }

    private const int OpenFiles = 7;

    private record struct Limit(ulong Current, ulong Maximum);

    [DllImport("libc.so.6", EntryPoint = "getrlimit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int GetLimit(int resource, out Limit limit);

    [DllImport("libc.so.6", EntryPoint = "setrlimit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetLimit(int resource, in Limit limit);

    // A limit on numbers is met only when no smaller number is free.
    private static List<Socket> FillGaps()
    {
        List<Socket> fill = [];
        int highest = HighestDescriptor();
        while (true)
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            if (socket.Handle > highest)
            {
                socket.Dispose();
                return fill;
            }

            fill.Add(socket);
        }
    }

    private static async Task UseAndStop(LoopKind kind, int loops)
    {
        await using Harness harness = new(kind, loops);
        Socket[] peers = [.. Enumerable.Range(0, 50).Select(_ => harness.Connect())];
        foreach (Socket peer in peers)
        {
            peer.Send([1]);
            Harness.ReadExactly(peer, 1);
        }

        await harness.Group.ConnectAsync(0, harness.Listener.EndPoint, default, TestContext.Current.CancellationToken);
        foreach (Socket peer in peers.Take(25))
        {
            peer.Dispose();
        }

        Task stop = harness.Group.StopAsync(TimeSpan.Zero);
        foreach (Socket peer in peers.Skip(25))
        {
            Assert.Equal(0, peer.Receive(new byte[1]));
            peer.Dispose();
        }

        await stop.WaitAsync(Harness.Patience, TestContext.Current.CancellationToken);
    }

    private static int OpenDescriptors() => Directory.GetFiles("/proc/self/fd").Length;

    private static int HighestDescriptor() =>
        Directory.GetFiles("/proc/self/fd").Max(static path => int.Parse(Path.GetFileName(path), null));
}
