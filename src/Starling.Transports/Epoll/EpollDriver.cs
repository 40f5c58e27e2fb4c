using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Starling.Protocol.Loops;
using Starling.Transports.Loops;

namespace Starling.Transports.Epoll;

/// <summary>
/// Linux: level-triggered epoll, one receive per event, writability watched only after a short send. An event carries the ticket of
/// its connection, or the negative key of a listener or a connect attempt.
/// </summary>
internal sealed class EpollDriver(EventLoop loop, ILogger logger) : ISocketDriver
{
    private const int AcceptsPerEventMax = 256;
    private const int AcceptPauseMilliseconds = 500;

    private readonly EpollSet _set = new();
    private readonly Dictionary<long, (Socket Socket, string Name)> _listeners = [];
    private readonly Dictionary<long, (int FileDescriptor, ConnectAttempt Attempt)> _attempts = [];
    private IPAddress? _lastAddress;
    private long _lastKey;

    /// <summary>When accepting begins again after the system ran out of file descriptors.</summary>
    public long NextDeadline { get; private set; } = long.MaxValue;

    public int EventCount => _set.Count;

    public bool HasEvents => false;

    public void Wait(int timeoutMilliseconds) => _set.Wait(timeoutMilliseconds);

    public void WaitFinely(long timeoutNanoseconds) => _set.WaitFinely(timeoutNanoseconds);

    public void Gather(long nanoseconds) => _set.Gather(nanoseconds);

    public void Wake() => _set.Wake();

    public void Dispatch()
    {
        for (int i = 0; i < _set.Count; i++)
        {
            uint events = _set.EventAt(i, out long data);
            if (data >= 0)
            {
                if (loop.Connections.TryFind(new ConnectionTicket((int)data, (int)(data >> 32)), out LoopConnection? connection))
                {
                    OnEvents(connection, events);
                }
            }
            else if (data != EpollSet.WakeData)
            {
                OnOther(data);
            }
        }

        if (NextDeadline <= loop.Now.MonotonicMilliseconds)
        {
            NextDeadline = long.MaxValue;
            WatchListeners(EpollSet.In);
        }
    }

    public bool TryRegister(LoopConnection connection)
    {
        connection.DriverState = EventsFor(connection);
        return _set.TryAdd(connection.Socket.FileDescriptor, connection.DriverState, DataFor(connection));
    }

    public void WatchChanged(LoopConnection connection)
    {
        uint events = EventsFor(connection);
        if (events != connection.DriverState)
        {
            connection.DriverState = events;
            _set.Change(connection.Socket.FileDescriptor, events, DataFor(connection));
        }
    }

    public TransferStatus Receive(LoopConnection connection, Span<byte> destination, out int received) =>
        SocketCalls.Receive(connection.Socket.FileDescriptor, destination, out received);

    public TransferStatus Send(LoopConnection connection, ReadOnlySpan<byte> source, bool moreFollows, out int sent) =>
        SocketCalls.Send(connection.Socket.FileDescriptor, source, moreFollows, out sent);

    public void ShutDownSending(LoopConnection connection) => SocketCalls.ShutDownSending(connection.Socket.FileDescriptor);

    public void Detach(LoopConnection connection) => _set.Remove(connection.Socket.FileDescriptor);

    public void Close(LoopConnection connection, bool reset) => SocketCalls.Close(connection.Socket.FileDescriptor, reset);

    public void Discard(TransportSocket socket) => SocketCalls.Close(socket.FileDescriptor, reset: true);

    public bool TryAddListener(Socket socket, string name)
    {
        long key = --_lastKey;
        if (!_set.TryAdd(FileDescriptorOf(socket), EpollSet.In, key))
        {
            return false;
        }

        _listeners.Add(key, (socket, name));
        return true;
    }

    public void RemoveListeners()
    {
        foreach ((Socket socket, _) in _listeners.Values)
        {
            _set.Remove(FileDescriptorOf(socket));
            socket.Dispose();
        }

        _listeners.Clear();
    }

    public void BeginConnect(ConnectAttempt attempt)
    {
        int fileDescriptor = SocketCalls.BeginConnect(attempt.EndPoint);
        if (fileDescriptor < 0)
        {
            attempt.Fail(LinuxError.ToSocketError(LinuxError.Last));
            return;
        }

        attempt.DriverKey = --_lastKey;
        _attempts.Add(attempt.DriverKey, (fileDescriptor, attempt));
        if (!_set.TryAdd(fileDescriptor, EpollSet.Out, attempt.DriverKey))
        {
            EndConnect(attempt, LinuxError.ToSocketError(LinuxError.Last));
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

        _set.Dispose();
    }

    private void OnEvents(LoopConnection connection, uint events)
    {
        const uint Broken = EpollSet.Error | EpollSet.HangUp;
        if ((events & Broken) != 0 && connection.IsPaused && connection.Phase == ConnectionPhase.Open)
        {
            // Reported again and again, and nobody reads: the peer has reset.
            loop.Ending.Over(connection, ConnectionEnd.Failed);
            return;
        }

        if ((events & (EpollSet.In | Broken)) != 0)
        {
            loop.Reader.OnReadable(connection);
        }

        if ((events & EpollSet.Out) != 0 && connection.WatchesWrite)
        {
            loop.Flusher.OnWritable(connection, alreadySent: 0);
        }
    }

    private void OnOther(long key)
    {
        if (_listeners.TryGetValue(key, out (Socket Socket, string Name) listener))
        {
            Accept(listener.Socket, listener.Name);
        }
        else if (_attempts.TryGetValue(key, out (int FileDescriptor, ConnectAttempt Attempt) connecting))
        {
            int error = SocketCalls.TakeError(connecting.FileDescriptor);
            if (error != 0)
            {
                EndConnect(connecting.Attempt, LinuxError.ToSocketError(error));
                return;
            }

            _attempts.Remove(key);
            _set.Remove(connecting.FileDescriptor);
            connecting.Attempt.Succeed(loop, new TransportSocket(connecting.FileDescriptor, null));
        }
    }

    private void Accept(Socket listener, string name)
    {
        int listenerDescriptor = FileDescriptorOf(listener);
        for (int i = 0; i < AcceptsPerEventMax; i++)
        {
            int accepted = SocketCalls.Accept(listenerDescriptor, ref _lastAddress, out EndPoint? remote);
            if (accepted >= 0)
            {
                ConnectionDetails details = new(remote, name, loop.Now.MonotonicMilliseconds);
                loop.Deal(new TransportSocket(accepted, null), details);
                continue;
            }

            int error = LinuxError.Last;
            if (LinuxError.IsExhaustion(error))
            {
                PauseAccepting(name, error);
            }

            // Everything else concerns the one connection that was lost on the way; the listener reports the next one again.
            return;
        }
    }

    private void PauseAccepting(string name, int error)
    {
        logger.AcceptPaused(name, LinuxError.ToSocketError(error), AcceptPauseMilliseconds);
        WatchListeners(0);
        NextDeadline = loop.Now.MonotonicMilliseconds + AcceptPauseMilliseconds;
    }

    private void WatchListeners(uint events)
    {
        foreach ((long key, (Socket socket, _)) in _listeners)
        {
            _set.Change(FileDescriptorOf(socket), events, key);
        }
    }

    private void EndConnect(ConnectAttempt attempt, SocketError error)
    {
        if (_attempts.Remove(attempt.DriverKey, out (int FileDescriptor, ConnectAttempt Attempt) connecting))
        {
            SocketCalls.Close(connecting.FileDescriptor, reset: false);
            attempt.Fail(error);
        }
    }

    private static uint EventsFor(LoopConnection connection) =>
        (connection.WatchesRead ? EpollSet.In : 0) | (connection.WatchesWrite ? EpollSet.Out : 0);

    private static long DataFor(LoopConnection connection) =>
        ((long)connection.Ticket.Generation << 32) | (uint)connection.Ticket.Index;

    // The listening socket stays open as long as its object is in the table.
    private static int FileDescriptorOf(Socket socket) => (int)socket.SafeHandle.DangerousGetHandle();
}
