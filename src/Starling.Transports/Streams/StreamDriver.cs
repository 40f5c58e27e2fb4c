using System.Collections.Concurrent;
using System.Net.Sockets;
using Starling.Transports.Loops;

namespace Starling.Transports.Streams;

/// <summary>
/// Another driver, and beside its sockets connections over streams. It stands only in loops that were asked for it, so the way of plain
/// connections in all others is as it was.
/// </summary>
internal sealed class StreamDriver(EventLoop loop, ISocketDriver sockets) : ISocketDriver
{
    private readonly ConcurrentQueue<(StreamConnection Stream, StreamSignal Signal)> _signals = new();
    private volatile bool _isDisposed;

    public long NextDeadline => sockets.NextDeadline;

    public int EventCount => int.MaxValue;

    public bool HasEvents => !_signals.IsEmpty || sockets.HasEvents;

    /// <summary>Takes a signal. Callable from any thread.</summary>
    public void Enqueue(StreamConnection stream, StreamSignal signal)
    {
        _signals.Enqueue((stream, signal));
        if (_isDisposed)
        {
            DisposeLate();
        }
        else
        {
            loop.Wake();
        }
    }

    /// <summary>Takes a buffer back that a stream does not need any more.</summary>
    public void Return(byte[] buffer) => loop.Buffers.Return(buffer);

    public void Wait(int timeoutMilliseconds) => sockets.Wait(timeoutMilliseconds);

    public void WaitFinely(long timeoutNanoseconds) => sockets.WaitFinely(timeoutNanoseconds);

    public void Gather(long nanoseconds) => sockets.Gather(nanoseconds);

    public void Wake() => sockets.Wake();

    public void Dispatch()
    {
        sockets.Dispatch();

        // What completes meanwhile waits for the next iteration, as with every driver.
        for (int i = _signals.Count; i > 0 && _signals.TryDequeue(out (StreamConnection Stream, StreamSignal Signal) next); i--)
        {
            next.Stream.Handle(next.Signal);
        }
    }

    public bool TryRegister(LoopConnection connection)
    {
        if (StreamOf(connection) is not { } stream)
        {
            return sockets.TryRegister(connection);
        }

        stream.AttachTo(this, connection);
        stream.WatchReading();
        return true;
    }

    public void WatchChanged(LoopConnection connection)
    {
        if (StreamOf(connection) is not { } stream)
        {
            sockets.WatchChanged(connection);
        }
        else if (connection.WatchesRead)
        {
            stream.WatchReading();
        }
    }

    public TransferStatus Receive(LoopConnection connection, Span<byte> destination, out int received) =>
        StreamOf(connection) is { } stream ? stream.Receive(destination, out received) : sockets.Receive(connection, destination, out received);

    public TransferStatus Send(LoopConnection connection, ReadOnlySpan<byte> source, bool moreFollows, out int sent) =>
        StreamOf(connection) is { } stream ? stream.Send(source, out sent) : sockets.Send(connection, source, moreFollows, out sent);

    public void ShutDownSending(LoopConnection connection)
    {
        if (StreamOf(connection) is { } stream)
        {
            stream.ShutDownSending();
        }
        else
        {
            sockets.ShutDownSending(connection);
        }
    }

    public void Detach(LoopConnection connection)
    {
        if (StreamOf(connection) is not null)
        {
            throw new NotSupportedException("A connection over a stream stays on its loop: this side opened it there.");
        }

        sockets.Detach(connection);
    }

    public void Close(LoopConnection connection, bool reset)
    {
        if (StreamOf(connection) is { } stream)
        {
            stream.Close(reset);
        }
        else
        {
            sockets.Close(connection, reset);
        }
    }

    public void Discard(TransportSocket socket)
    {
        if (socket.Managed is StreamConnection stream)
        {
            stream.Dispose();
        }
        else
        {
            sockets.Discard(socket);
        }
    }

    public bool TryAddListener(Socket socket, string name) => sockets.TryAddListener(socket, name);

    public void RemoveListeners() => sockets.RemoveListeners();

    public void BeginConnect(ConnectAttempt attempt) => sockets.BeginConnect(attempt);

    public void CancelConnect(ConnectAttempt attempt) => sockets.CancelConnect(attempt);

    public void Dispose()
    {
        _isDisposed = true;
        DisposeLate();
        sockets.Dispose();
    }

    /// <summary>What completes after the loop has ended is of streams that are closed; nobody else lets go of them.</summary>
    private void DisposeLate()
    {
        while (_signals.TryDequeue(out (StreamConnection Stream, StreamSignal Signal) late))
        {
            late.Stream.Dispose();
        }
    }

    private static StreamConnection? StreamOf(LoopConnection connection) => connection.Socket.Managed as StreamConnection;
}
