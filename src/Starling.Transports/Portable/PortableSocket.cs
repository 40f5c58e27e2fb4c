using System.Net;
using System.Net.Sockets;
using Starling.Protocol.Loops;
using Starling.Transports.Loops;

namespace Starling.Transports.Portable;

/// <summary>
/// One connection of the portable loops. It moves between loops with a watch for reading possibly under way, which may complete on
/// any thread, also while no loop has it. But for that, all of it runs on the thread of the loop that has it.
/// </summary>
internal sealed class PortableSocket : IDisposable
{
    private const int BackgroundSendBytesMax = 64 * 1024;

    // The states of the watch for reading.
    private const int Idle = 0;
    private const int Watching = 1;
    private const int Completed = 2;

    private readonly Socket _socket;
    private readonly SocketAsyncEventArgs _read = new();
    private SocketAsyncEventArgs? _write;
    private byte[]? _sending;
    private BufferPool? _sendingPool;
    private PortableDriver? _driver;
    private LoopConnection? _connection;
    private int _watch;
    private bool _isClosed;

    public PortableSocket(Socket socket)
    {
        _socket = socket;
        _socket.Blocking = false;
        _socket.NoDelay = true;
        _read.SetBuffer(Memory<byte>.Empty);
        _read.Completed += (_, _) => ReadingEnded();
    }

    public static EndPoint? RemoteOf(Socket socket)
    {
        try
        {
            return socket.RemoteEndPoint;
        }
        catch (SocketException)
        {
            // It has been reset already; reading it will tell.
            return null;
        }
    }

    public void AttachTo(PortableDriver driver, LoopConnection connection)
    {
        _connection = connection;
        Volatile.Write(ref _driver, driver);

        // Either the completion sees the new driver, or this sees the completion; if both do, the second finds nothing to handle.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _watch) == Completed)
        {
            driver.Enqueue(PortableCompletion.Readable(this));
        }
    }

    /// <summary>No loop has it until another attaches it.</summary>
    public void Detach()
    {
        _connection = null;
        Volatile.Write(ref _driver, null);
    }

    public void WatchReading()
    {
        if (_watch != Idle || _isClosed)
        {
            return;
        }

        _watch = Watching;
        if (!_socket.ReceiveAsync(_read))
        {
            ReadingEnded();
        }
    }

    public void ReadingCompleted(PortableDriver driver)
    {
        // It may have moved since: then its loop has been told, too.
        if (Volatile.Read(ref _driver) == driver && Volatile.Read(ref _watch) == Completed)
        {
            _watch = Idle;
            if (_connection is { } connection)
            {
                driver.OnReadable(connection, _read.SocketError);
            }
        }
    }

    /// <summary>Sends a copy of the first pending bytes when there is room; the output gives them up when that has completed.</summary>
    public void SendInBackground(ReadOnlySpan<byte> pending, BufferPool pool)
    {
        if (_sending is not null || _isClosed)
        {
            return;
        }

        int length = Math.Min(pending.Length, BackgroundSendBytesMax);
        _sending = pool.Rent(length);
        _sendingPool = pool;
        pending[..length].CopyTo(_sending);
        if (_write is null)
        {
            _write = new SocketAsyncEventArgs();
            _write.Completed += (_, arguments) => SendEnded(arguments.SocketError);
        }

        _write.SetBuffer(_sending, 0, length);
        if (!_socket.SendAsync(_write))
        {
            SendEnded(_write.SocketError);
        }
    }

    public void SendCompleted(SocketError error)
    {
        if (_sending is not null)
        {
            _sendingPool?.Return(_sending);
            _sending = null;
        }

        if (_connection is { } connection && _driver is { } driver)
        {
            driver.OnSent(connection, error, _write?.BytesTransferred ?? 0);
        }
    }

    /// <summary>Whether the connection is reset or lost; a watch of zero bytes does not tell. Takes no data.</summary>
    public bool IsBroken
    {
        get
        {
            Span<byte> one = stackalloc byte[1];
            _socket.Receive(one, SocketFlags.Peek, out SocketError error);
            return error is not (SocketError.Success or SocketError.WouldBlock);
        }
    }

    public TransferStatus Receive(Span<byte> destination, out int received)
    {
        received = _socket.Receive(destination, SocketFlags.None, out SocketError error);
        return error switch
        {
            SocketError.Success => received > 0 ? TransferStatus.Done : TransferStatus.EndOfStream,
            SocketError.WouldBlock => TransferStatus.WouldBlock,
            _ => TransferStatus.Failed,
        };
    }

    public TransferStatus Send(ReadOnlySpan<byte> source, out int sent)
    {
        sent = 0;
        if (_sending is not null)
        {
            return TransferStatus.WouldBlock;
        }

        sent = _socket.Send(source, SocketFlags.None, out SocketError error);
        if (sent > 0 || error == SocketError.Success)
        {
            return TransferStatus.Done;
        }

        return error == SocketError.WouldBlock ? TransferStatus.WouldBlock : TransferStatus.Failed;
    }

    public void ShutDownSending()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The peer has gone already; reading tells.
        }
    }

    /// <summary>Closes it. Its driver stays known, because it handles what completes late.</summary>
    public void Close(bool reset)
    {
        _connection = null;
        if (reset)
        {
            try
            {
                _socket.LingerState = new LingerOption(enable: true, seconds: 0);
            }
            catch (SocketException)
            {
                // The peer has gone already.
            }
        }

        Dispose();
    }

    public void Dispose()
    {
        _isClosed = true;
        _socket.Dispose();
        _read.Dispose();
        _write?.Dispose();
    }

    private void ReadingEnded()
    {
        Volatile.Write(ref _watch, Completed);
        Interlocked.MemoryBarrier();
        Volatile.Read(ref _driver)?.Enqueue(PortableCompletion.Readable(this));
    }

    private void SendEnded(SocketError error) => Volatile.Read(ref _driver)?.Enqueue(PortableCompletion.Sent(this, error));
}
