using System.Collections.Concurrent;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Starling.Protocol.Loops;
using Starling.Transports.Loops;

namespace Starling.Transports.Portable;

/// <summary>
/// Every platform: a receive of zero bytes tells when there is something to read, a send in the background when there is room again;
/// the transfers themselves do not wait. Completions, on whatever thread they come, only enter the queue of the loop that has the
/// connection.
/// </summary>
internal sealed class PortableDriver(EventLoop loop, ILogger logger) : ISocketDriver
{
    private const int AcceptPauseMilliseconds = 500;
    private const long NanosecondsPerMillisecond = 1_000_000;

    private readonly ConcurrentQueue<PortableCompletion> _completions = new();
    private readonly AutoResetEvent _signal = new(false);
    private readonly List<PortableListener> _listeners = [];
    private readonly Dictionary<long, (Socket Socket, ConnectAttempt Attempt)> _attempts = [];
    private long _lastKey;

    public long NextDeadline { get; private set; } = long.MaxValue;

    public int EventCount => int.MaxValue;

    public bool HasEvents => !_completions.IsEmpty;

    public void Wait(int timeoutMilliseconds)
    {
        if (timeoutMilliseconds != 0 && !HasEvents)
        {
            _signal.WaitOne(timeoutMilliseconds);
        }
    }

    public void WaitFinely(long timeoutNanoseconds) =>
        Wait((int)((timeoutNanoseconds + NanosecondsPerMillisecond - 1) / NanosecondsPerMillisecond));

    public void Gather(long nanoseconds)
    {
    }

    public void Wake()
    {
        try
        {
            _signal.Set();
        }
        catch (ObjectDisposedException)
        {
            // The loop has ended.
        }
    }

    /// <summary>Takes a completion. Callable from any thread.</summary>
    public void Enqueue(PortableCompletion completion)
    {
        _completions.Enqueue(completion);
        loop.Wake();
    }

    public void Dispatch()
    {
        // What completes meanwhile waits for the next iteration, as with every driver.
        for (int i = _completions.Count; i > 0 && _completions.TryDequeue(out PortableCompletion completion); i--)
        {
            completion.Handle(this);
        }

        if (NextDeadline <= loop.Now.MonotonicMilliseconds)
        {
            NextDeadline = long.MaxValue;
            _listeners.ForEach(static listener => listener.Accept());
        }
    }

    public bool TryRegister(LoopConnection connection)
    {
        SocketOf(connection).AttachTo(this, connection);
        WatchChanged(connection);
        return true;
    }

    public void WatchChanged(LoopConnection connection)
    {
        PortableSocket socket = SocketOf(connection);
        if (connection.WatchesRead)
        {
            socket.WatchReading();
        }

        if (connection.WatchesWrite)
        {
            socket.SendInBackground(connection.Output.Next, loop.Buffers);
        }
    }

    public TransferStatus Receive(LoopConnection connection, Span<byte> destination, out int received) =>
        SocketOf(connection).Receive(destination, out received);

    public TransferStatus Send(LoopConnection connection, ReadOnlySpan<byte> source, bool moreFollows, out int sent) =>
        SocketOf(connection).Send(source, out sent);

    public void ShutDownSending(LoopConnection connection) => SocketOf(connection).ShutDownSending();

    public void Detach(LoopConnection connection) => SocketOf(connection).Detach();

    public void Close(LoopConnection connection, bool reset) => SocketOf(connection).Close(reset);

    public void Discard(TransportSocket socket) => (socket.Managed as PortableSocket)?.Close(reset: true);

    public bool TryAddListener(Socket socket, string name)
    {
        PortableListener listener = new(this, socket, name);
        _listeners.Add(listener);
        listener.Accept();
        return true;
    }

    public void RemoveListeners()
    {
        _listeners.ForEach(static listener => listener.Dispose());
        _listeners.Clear();
    }

    public void BeginConnect(ConnectAttempt attempt)
    {
        Socket socket;
        try
        {
            socket = new Socket(attempt.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        }
        catch (SocketException refused)
        {
            attempt.Fail(refused.SocketErrorCode);
            return;
        }

        attempt.DriverKey = ++_lastKey;
        _attempts.Add(attempt.DriverKey, (socket, attempt));
        SocketAsyncEventArgs arguments = new() { RemoteEndPoint = attempt.EndPoint };
        arguments.Completed += (_, completed) => OnConnected(attempt, completed);
        if (!socket.ConnectAsync(arguments))
        {
            OnConnected(attempt, arguments);
        }
    }

    public void CancelConnect(ConnectAttempt attempt) => EndConnect(attempt, SocketError.TimedOut);

    public void Dispose()
    {
        RemoveListeners();
        foreach ((_, ConnectAttempt attempt) in _attempts.Values.ToArray())
        {
            EndConnect(attempt, SocketError.OperationAborted);
        }

        _signal.Dispose();
    }

    public void OnReadable(LoopConnection connection, SocketError error)
    {
        bool isPaused = connection.IsPaused && connection.Phase == ConnectionPhase.Open;
        if (isPaused && (error != SocketError.Success || SocketOf(connection).IsBroken))
        {
            loop.Ending.Over(connection, ConnectionEnd.Failed);
            return;
        }

        loop.Reader.OnReadable(connection);
        if (connection.Phase < ConnectionPhase.Ended && connection.WatchesRead)
        {
            SocketOf(connection).WatchReading();
        }
    }

    public void OnSent(LoopConnection connection, SocketError error, int sent)
    {
        if (error != SocketError.Success)
        {
            loop.Flusher.OnSendFailed(connection);
        }
        else if (connection.WatchesWrite)
        {
            loop.Flusher.OnWritable(connection, sent);
        }
    }

    public void OnAccepted(PortableListener listener, Socket? accepted, SocketError error)
    {
        if (accepted is not null && error == SocketError.Success)
        {
            ConnectionDetails details = new(PortableSocket.RemoteOf(accepted), listener.Name, loop.Now.MonotonicMilliseconds);
            loop.Deal(new TransportSocket(-1, new PortableSocket(accepted)), details);
        }
        else
        {
            accepted?.Dispose();
        }

        if (error is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable)
        {
            logger.AcceptPaused(listener.Name, error, AcceptPauseMilliseconds);
            NextDeadline = loop.Now.MonotonicMilliseconds + AcceptPauseMilliseconds;
        }
        else
        {
            listener.Accept();
        }
    }

    private void OnConnected(ConnectAttempt attempt, SocketAsyncEventArgs arguments)
    {
        SocketError error = arguments.SocketError;
        arguments.Dispose();
        loop.Post(ControlMessage.Run(() => FinishConnect(attempt, error)));
    }

    private void FinishConnect(ConnectAttempt attempt, SocketError error)
    {
        if (error != SocketError.Success)
        {
            EndConnect(attempt, error);
        }
        else if (_attempts.Remove(attempt.DriverKey, out (Socket Socket, ConnectAttempt Attempt) connecting))
        {
            attempt.Succeed(loop, new TransportSocket(-1, new PortableSocket(connecting.Socket)));
        }
    }

    private void EndConnect(ConnectAttempt attempt, SocketError error)
    {
        if (_attempts.Remove(attempt.DriverKey, out (Socket Socket, ConnectAttempt Attempt) connecting))
        {
            connecting.Socket.Dispose();
            attempt.Fail(error);
        }
    }

    private static PortableSocket SocketOf(LoopConnection connection) =>
        connection.Socket.Managed as PortableSocket ?? throw new InvalidOperationException("Not a connection of this driver.");
}
