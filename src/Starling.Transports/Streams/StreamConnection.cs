using System.Net.Sockets;
using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using Starling.Transports.Loops;

namespace Starling.Transports.Streams;

/// <summary>
/// One connection over a <see cref="Stream"/>: at most one read and one write are under way, into and out of one buffer each. What they
/// complete is told to the driver and handled on the loop's thread, which is where everything here runs unless it says otherwise.
/// </summary>
internal sealed class StreamConnection
{
    private const int BufferBytes = 64 * 1024;

    private readonly Socket _socket;
    private readonly Stream _stream;
    private readonly Action<TransportException>? _broke;
    private readonly Action _readCompleted;
    private readonly Action _writeCompleted;
    private StreamDriver? _driver;
    private LoopConnection? _connection;
    private byte[] _received = [];
    private byte[] _sending = [];
    private int _head;
    private int _tail;
    private int _sendingLength;
    private ValueTaskAwaiter<int> _reading;
    private ValueTaskAwaiter _writing;
    private bool _isReading;
    private bool _isWriting;
    private bool _isReported;
    private bool _isWriteBroken;
    private bool _isClosed;

    // Done until the stream has ended or broken.
    private TransferStatus _end = TransferStatus.Done;

    public StreamConnection(Socket socket, Stream stream, Action<TransportException>? broke)
    {
        _socket = socket;
        _stream = stream;
        _broke = broke;
        _readCompleted = () => Tell(StreamSignal.ReadCompleted);
        _writeCompleted = () => Tell(StreamSignal.WriteCompleted);
    }

    private bool HasUnread => _head < _tail || _end != TransferStatus.Done;

    public void AttachTo(StreamDriver driver, LoopConnection connection)
    {
        _driver = driver;
        _connection = connection;
        _received = connection.Loop.Buffers.Rent(BufferBytes);
        _sending = connection.Loop.Buffers.Rent(BufferBytes);
    }

    /// <summary>The loop wants to be told when there is something to take: now if there is, else when the next read has completed.</summary>
    public void WatchReading()
    {
        if (_isClosed)
        {
            return;
        }

        if (!HasUnread && !_isReading)
        {
            BeginRead();
        }

        if (HasUnread && !_isReported)
        {
            _isReported = true;
            Tell(StreamSignal.Readable);
        }
    }

    /// <summary>Takes what has been read, and reads on as long as that does not wait.</summary>
    public TransferStatus Receive(Span<byte> destination, out int received)
    {
        received = 0;
        while (received < destination.Length)
        {
            int taken = Math.Min(_tail - _head, destination.Length - received);
            _received.AsSpan(_head, taken).CopyTo(destination[received..]);
            _head += taken;
            received += taken;
            if (_head < _tail || _end != TransferStatus.Done || _isReading)
            {
                break;
            }

            BeginRead();
        }

        if (received > 0)
        {
            return TransferStatus.Done;
        }

        return _end == TransferStatus.Done ? TransferStatus.WouldBlock : EndAsSeen;
    }

    /// <summary>
    /// Writes copies, as long as that does not wait. While a write is under way its bytes stay in the connection's output, which so keeps
    /// count of all that is pending.
    /// </summary>
    public TransferStatus Send(ReadOnlySpan<byte> source, out int sent)
    {
        sent = 0;
        if (_isWriteBroken)
        {
            return BrokenStatus;
        }

        try
        {
            while (!_isWriting && sent < source.Length)
            {
                BeginWrite(source[sent..]);
                sent += _isWriting ? 0 : _sendingLength;
            }
        }
        catch (Exception fault) when (IsEnvironment(fault))
        {
            _isWriteBroken = true;
            return BrokenStatus;
        }

        return sent > 0 ? TransferStatus.Done : TransferStatus.WouldBlock;
    }

    /// <summary>Tells the peer, at every layer, that nothing follows. What the peer makes of it is seen by reading.</summary>
    public void ShutDownSending() => _ = EndWritingAsync();

    public void Close(bool reset)
    {
        _isClosed = true;
        _connection = null;
        if (reset && _socket.AddressFamily != AddressFamily.Unix)
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

        // Ends what is under way; the layers above are let go of when nothing is.
        _socket.Dispose();
        if (_driver is null)
        {
            _stream.Dispose();
        }
        else
        {
            ReleaseWhenQuiet();
        }
    }

    /// <summary>Lets go of a stream that no loop has.</summary>
    public void Dispose()
    {
        _isClosed = true;
        _stream.Dispose();
    }

    public void Handle(StreamSignal signal)
    {
        switch (signal)
        {
            case StreamSignal.Readable:
                _isReported = false;
                break;
            case StreamSignal.ReadCompleted:
                _isReading = false;
                FinishRead(_reading);
                break;
            default:
                _isWriting = false;
                FinishWrite();
                break;
        }

        if (_isClosed)
        {
            ReleaseWhenQuiet();
        }
        else if (signal != StreamSignal.WriteCompleted && HasUnread && _connection is { WatchesRead: true } connection)
        {
            connection.Loop.Reader.OnReadable(connection);
            if (_connection is { WatchesRead: true })
            {
                // As long as it watches it is told.
                WatchReading();
            }
        }
    }

    // A stream that cannot be written any more is broken, however its other direction ends.
    private TransferStatus EndAsSeen => _isWriteBroken ? TransferStatus.Failed : _end;

    /// <summary>
    /// What the peer sent before it went is still to be read, such as the DISCONNECT that says why; a loop told of the failure would look
    /// only at what is here already. So the failure waits for the end of reading, unless nobody reads.
    /// </summary>
    private TransferStatus BrokenStatus =>
        _end != TransferStatus.Done || _connection is not { IsPaused: false } ? TransferStatus.Failed : TransferStatus.WouldBlock;

    private void BeginRead()
    {
        _head = 0;
        _tail = 0;
        try
        {
#pragma warning disable CA2012 // Consumed once: here, or when it has completed.
            ValueTaskAwaiter<int> reading = _stream.ReadAsync(_received.AsMemory(0, BufferBytes)).GetAwaiter();
#pragma warning restore CA2012
            if (reading.IsCompleted)
            {
                FinishRead(reading);
                return;
            }

            _isReading = true;
            _reading = reading;
            reading.UnsafeOnCompleted(_readCompleted);
        }
        catch (Exception fault) when (IsEnvironment(fault))
        {
            Break(fault);
        }
    }

    private void BeginWrite(ReadOnlySpan<byte> source)
    {
        _sendingLength = Math.Min(source.Length, _sending.Length);
        source[.._sendingLength].CopyTo(_sending);
#pragma warning disable CA2012 // Consumed once: here, or when it has completed.
        ValueTaskAwaiter writing = _stream.WriteAsync(_sending.AsMemory(0, _sendingLength)).GetAwaiter();
#pragma warning restore CA2012
        if (writing.IsCompleted)
        {
            writing.GetResult();
            return;
        }

        _isWriting = true;
        _writing = writing;
        writing.UnsafeOnCompleted(_writeCompleted);
    }

    private void FinishRead(ValueTaskAwaiter<int> reading)
    {
        try
        {
            _tail = reading.GetResult();
            _end = _tail == 0 ? TransferStatus.EndOfStream : TransferStatus.Done;
        }
        catch (Exception fault) when (IsEnvironment(fault))
        {
            Break(fault);
        }
    }

    private void Break(Exception fault)
    {
        _tail = 0;
        _end = TransferStatus.Failed;
        if (_isClosed || _broke is null)
        {
            return;
        }

        if (fault is TransportException known)
        {
            _broke(known);
        }
        else if (_stream is System.Net.Security.SslStream && fault.InnerException is not (null or SocketException))
        {
            _broke(new TransportException(TransportStage.Tls, TlsHandshake.Explain(fault), fault));
        }
    }

    private void FinishWrite()
    {
        try
        {
            _writing.GetResult();
            if (_connection is { WatchesWrite: true } connection)
            {
                connection.Loop.Flusher.OnWritable(connection, _sendingLength);
            }
        }
        catch (Exception fault) when (IsEnvironment(fault))
        {
            _isWriteBroken = true;
            if (_connection is { } connection && BrokenStatus == TransferStatus.Failed)
            {
                connection.Loop.Flusher.OnSendFailed(connection);
            }
        }
    }

    private async Task EndWritingAsync()
    {
        try
        {
            switch (_stream)
            {
                case WebSocketBytes webSocket:
                    // The server ends the connection below, after its own closing frame.
                    await webSocket.EndWritingAsync().ConfigureAwait(false);
                    break;
                case System.Net.Security.SslStream tls:
                    await tls.ShutdownAsync().ConfigureAwait(false);
                    _socket.Shutdown(SocketShutdown.Send);
                    break;
                default:
                    _socket.Shutdown(SocketShutdown.Send);
                    break;
            }
        }
        catch (Exception fault) when (IsEnvironment(fault))
        {
            // The peer has gone already, or the time for it is over; reading tells, or nobody asks any more.
        }
    }

    private void ReleaseWhenQuiet()
    {
        if (_isReading || _isWriting || _received.Length == 0)
        {
            return;
        }

        _stream.Dispose();
        _driver?.Return(_received);
        _driver?.Return(_sending);
        _received = [];
        _sending = [];
    }

    private void Tell(StreamSignal signal) => _driver?.Enqueue(this, signal);

    private static bool IsEnvironment(Exception fault) => fault is IOException or SocketException or ObjectDisposedException
        or OperationCanceledException or InvalidOperationException or WebSocketException or System.ComponentModel.Win32Exception;
}
