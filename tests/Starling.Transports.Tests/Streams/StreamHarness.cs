using Starling.Protocol.Loops;
using Starling.Transports.Tests.Sockets;

namespace Starling.Transports.Tests.Streams;

/// <summary>A loop that opens connections over streams, and the server that they go to.</summary>
internal sealed class StreamHarness : IAsyncDisposable
{
    public StreamHarness(StreamKind stream, LoopKind loop = LoopKind.Automatic)
    {
        Server = new StreamServer(stream);
        Group = LoopGroup.Start(
            new LoopGroupOptions { Loops = 1, Kind = loop, Budget = Budget, Loggers = Log, Streams = true, ConnectTimeout = Harness.Patience }, _ => Client);
    }

    public static TheoryData<StreamKind, LoopKind> AllKinds => new(
        from stream in Enum.GetValues<StreamKind>()
        from loop in new[] { LoopKind.Epoll, LoopKind.Portable }
        select (stream, loop));

    public RecordingLog Log { get; } = new();

    public MemoryBudget Budget { get; } = new(1L << 30);

    public TestClient Client { get; } = new() { RecordsCalls = false };

    public LoopGroup Group { get; }

    public StreamServer Server { get; }

    /// <summary>Both ends of an open connection.</summary>
    public async Task<(Stream Peer, TestConnection Connection)> ConnectAsync(ConnectTarget? target = null)
    {
        Task<Stream> peer = Server.AcceptAsync();
        await Group.ConnectAsync(0, target ?? Server.Target(), default, TestContext.Current.CancellationToken);
        return (await peer, Client.Attached.Last());
    }

    /// <summary>The fault that a connect must end with.</summary>
    public Task<TransportException> FailAsync(ConnectTarget target) => Assert.ThrowsAsync<TransportException>(
        async () => await Group.ConnectAsync(0, target, default, TestContext.Current.CancellationToken));

    public async ValueTask DisposeAsync()
    {
        await Group.DisposeAsync();
        Server.Dispose();
    }
}
