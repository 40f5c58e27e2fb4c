using System.Net;
using System.Net.Sockets;
using Starling.Protocol.Loops;

namespace Starling.Transports.Tests.Sockets;

/// <summary>A running group with one listener on 127.0.0.1, and blocking sockets as its peers.</summary>
internal sealed class Harness : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public Harness(LoopKind kind, int loops, Func<TestConnection, TestConnection>? onAttach = null)
    {
        Clients = [.. Enumerable.Range(0, loops).Select(_ => new TestClient { RecordsCalls = false })];
        if (onAttach is not null)
        {
            Array.ForEach(Clients, client => client.OnAttach = onAttach);
        }

        Group = LoopGroup.Start(
            new LoopGroupOptions { Loops = loops, Kind = kind, Budget = Budget, Loggers = Log }, index => Clients[index]);
        Listener = Group.Listen(new ListenerOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, 0), Name = "test" });
    }

    public static TheoryData<LoopKind, int> AllKinds => new()
    {
        { LoopKind.Epoll, 1 }, { LoopKind.Epoll, 2 }, { LoopKind.Portable, 1 }, { LoopKind.Portable, 2 },
    };

    public RecordingLog Log { get; } = new();

    public MemoryBudget Budget { get; } = new(1L << 30);

    public TestClient[] Clients { get; }

    public LoopGroup Group { get; }

    public BoundListener Listener { get; }

    public Socket Connect()
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            ReceiveTimeout = (int)Patience.TotalMilliseconds,
            SendTimeout = (int)Patience.TotalMilliseconds,
        };
        socket.Connect(Listener.EndPoint);
        return socket;
    }

    /// <summary>Connects, and waits until a loop has attached the connection.</summary>
    public async Task<(Socket Peer, TestConnection Connection)> ConnectAttached()
    {
        Socket peer = Connect();
        TestConnection? connection = null;
        await Until(() => (connection = Find(peer)) is not null);
        return (peer, connection ?? throw new InvalidOperationException());
    }

    /// <summary>Waits until a condition holds that the loops' threads bring about.</summary>
    public static async Task Until(Func<bool> condition)
    {
        using CancellationTokenSource timeout = new(Patience);
        using PeriodicTimer ticks = new(TimeSpan.FromMilliseconds(1));
        while (!condition())
        {
            await ticks.WaitForNextTickAsync(timeout.Token);
        }
    }

    public static byte[] ReadExactly(Socket socket, int length)
    {
        byte[] bytes = new byte[length];
        int read = 0;
        while (read < length)
        {
            int received = socket.Receive(bytes.AsSpan(read));
            if (received == 0)
            {
                throw new EndOfStreamException($"End after {read} of {length} bytes.");
            }

            read += received;
        }

        return bytes;
    }

    public static byte[] Pattern(int length)
    {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
        {
            bytes[i] = (byte)((i * 31) + (i >> 8));
        }

        return bytes;
    }

    public async ValueTask DisposeAsync() => await Group.DisposeAsync();

    private TestConnection? Find(Socket peer) =>
        Clients.SelectMany(client => client.Attached).LastOrDefault(one => Equals(one.Details.RemoteEndPoint, peer.LocalEndPoint));
}
