using Starling.Transports.Loops;

namespace Starling.Transports.InMemory;

/// <summary>Drives connections whose far ends are <see cref="InMemoryPeer"/> objects; never waits.</summary>
internal sealed class InMemoryDriver(EventLoop loop) : ILoopDriver
{
    private readonly List<InMemoryPeer> _peers = [];

    public int EventCount => int.MaxValue;

    public bool HasEvents => _peers.Exists(static peer => IsReadable(peer) || IsWritable(peer));

    public void Wait(int timeoutMilliseconds)
    {
    }

    public void WaitFinely(long timeoutNanoseconds)
    {
    }

    public void Gather(long nanoseconds)
    {
    }

    public void Wake()
    {
    }

    public void Dispatch()
    {
        // A copy, because connections come and go meanwhile.
        foreach (InMemoryPeer peer in _peers.ToArray())
        {
            if (IsReadable(peer) && peer.Connection is { } readable)
            {
                Read(peer, readable);
            }

            if (IsWritable(peer) && peer.Connection is { } writable && writable.Loop == loop)
            {
                loop.Flusher.OnWritable(writable, alreadySent: 0);
            }
        }
    }

    public long NextDeadline => long.MaxValue;

    public bool TryRegister(LoopConnection connection)
    {
        InMemoryPeer peer = PeerOf(connection);
        peer.Connection = connection;
        peer.LoopIndex = loop.Index;
        _peers.Add(peer);
        return true;
    }

    public void WatchChanged(LoopConnection connection)
    {
    }

    public TransferStatus Receive(LoopConnection connection, Span<byte> destination, out int received) =>
        PeerOf(connection).Receive(destination, out received);

    public TransferStatus Send(LoopConnection connection, ReadOnlySpan<byte> source, bool moreFollows, out int sent) =>
        PeerOf(connection).Send(source, out sent);

    public void ShutDownSending(LoopConnection connection) => PeerOf(connection).ShutDown();

    public void Detach(LoopConnection connection)
    {
        InMemoryPeer peer = PeerOf(connection);
        peer.Connection = null;
        _peers.Remove(peer);
    }

    public void Close(LoopConnection connection, bool reset)
    {
        InMemoryPeer peer = PeerOf(connection);
        peer.Over(connection.End, reset);
        _peers.Remove(peer);
    }

    public void Discard(TransportSocket socket)
    {
    }

    public void Dispose()
    {
    }

    private void Read(InMemoryPeer peer, LoopConnection connection)
    {
        if (peer.IsBroken && connection.IsPaused)
        {
            // As a kernel reports a reset also to those that do not read.
            loop.Flusher.OnSendFailed(connection);
        }
        else
        {
            loop.Reader.OnReadable(connection);
        }
    }

    private static bool IsReadable(InMemoryPeer peer) =>
        peer.Connection is { Phase: < ConnectionPhase.Ended } connection
        && ((connection.WatchesRead && peer.IsReadable) || peer.IsBroken);

    private static bool IsWritable(InMemoryPeer peer) =>
        peer.Connection is { Phase: < ConnectionPhase.Ended, WatchesWrite: true } && peer.IsWritable;

    private static InMemoryPeer PeerOf(LoopConnection connection) =>
        connection.Socket.Managed as InMemoryPeer ?? throw new InvalidOperationException("Not an in-memory connection.");
}
