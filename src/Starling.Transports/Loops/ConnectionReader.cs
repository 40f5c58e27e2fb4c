using Starling.Protocol.Loops;

namespace Starling.Transports.Loops;

/// <summary>Receives for all connections of one loop, keeps what is not taken, and gives it again.</summary>
internal sealed class ConnectionReader(EventLoop loop, ILoopDriver driver, ClientCalls calls, int readBytes)
{
    private readonly byte[] _shared = GC.AllocateUninitializedArray<byte>(readBytes);
    private readonly List<LoopConnection> _resuming = [];
    private readonly List<LoopConnection> _broken = [];

    // Kept bytes up to here are put in front of the next read; more than that is not copied again for each read of a slow peer.
    private readonly int _rejoinedBytesMax = readBytes / 4;

    /// <summary>Bytes received since it was last set.</summary>
    public int ReceivedBytes { get; set; }

    public bool HasWork => _resuming.Count > 0 || _broken.Count > 0;

    /// <summary>The driver has something to read, or the peer has ended or broken the connection.</summary>
    public void OnReadable(LoopConnection connection)
    {
        switch (connection.Phase)
        {
            case ConnectionPhase.Open when connection.IsPaused:
                // Only now: most pauses are over before anything arrives, and cost no system call.
                Watch(connection, read: false);
                break;
            case ConnectionPhase.Open when connection.IsResuming:
                // The kept bytes come first, later in this iteration; the socket reports again.
                break;
            case ConnectionPhase.Open:
                ReadOnce(connection);
                break;
            case ConnectionPhase.Closing or ConnectionPhase.Lingering:
                Discard(connection);
                break;
        }
    }

    public void Resume(LoopConnection connection)
    {
        if (!connection.IsResuming)
        {
            connection.IsResuming = true;
            _resuming.Add(connection);
        }
    }

    /// <summary>Gives the kept bytes of the connections that were resumed since, then lets their sockets be read.</summary>
    public void GiveResumed()
    {
        // A connection that is resumed while this runs waits for the next iteration.
        int count = _resuming.Count;
        for (int i = 0; i < count; i++)
        {
            LoopConnection connection = _resuming[i];
            connection.IsResuming = false;
            if (connection.Phase == ConnectionPhase.Open && !connection.IsPaused)
            {
                GiveKept(connection);
            }
        }

        _resuming.RemoveRange(0, count);
    }

    /// <summary>Gives what was received on another loop before the connection moved here.</summary>
    public void GiveMoved(LoopConnection connection, ReadOnlySpan<byte> unread)
    {
        if (connection.IsPaused)
        {
            connection.Unread.Replace(loop.Buffers, unread);
        }
        else if (!unread.IsEmpty)
        {
            Give(connection, unread);
        }
    }

    /// <summary>
    /// A send has found the peer gone. What it sent before that is still read: the DISCONNECT of a client that closes without
    /// waiting for an acknowledgement is there.
    /// </summary>
    public void ReadRestOf(LoopConnection connection) => _broken.Add(connection);

    public void ReadBroken()
    {
        int count = _broken.Count;
        for (int i = 0; i < count; i++)
        {
            LoopConnection connection = _broken[i];
            TransferStatus status = TransferStatus.Done;
            while (connection.Phase == ConnectionPhase.Open && !connection.IsPaused && status == TransferStatus.Done)
            {
                status = ReadOnce(connection);
            }

            loop.Ending.Over(connection, ConnectionEnd.Failed);
        }

        _broken.RemoveRange(0, count);
    }

    private void GiveKept(LoopConnection connection)
    {
        if (connection.Unread.Length > 0)
        {
            Give(connection, connection.Unread.Bytes);
        }

        if (connection.Phase == ConnectionPhase.Open && !connection.IsPaused)
        {
            Watch(connection, read: true);
        }
    }

    private TransferStatus ReadOnce(LoopConnection connection)
    {
        int kept = connection.Unread.Length;
        bool isRejoined = kept <= _rejoinedBytesMax && connection.NeededBytes <= readBytes;
        TransferStatus status;
        if (isRejoined)
        {
            connection.Unread.Bytes.CopyTo(_shared);
            status = driver.Receive(connection, _shared.AsSpan(kept), out int received);
            if (status == TransferStatus.Done)
            {
                ReceivedBytes += received;
                connection.Unread.Release(loop.Buffers);
                Give(connection, _shared.AsSpan(0, kept + received));
            }
        }
        else
        {
            status = ReadBehindKept(connection);
        }

        if (status is TransferStatus.EndOfStream or TransferStatus.Failed)
        {
            bool isInOrder = status == TransferStatus.EndOfStream && !connection.IsSendBroken;
            loop.Ending.Over(connection, isInOrder ? ConnectionEnd.ByPeer : ConnectionEnd.Failed);
        }

        return status;
    }

    private TransferStatus ReadBehindKept(LoopConnection connection)
    {
        Span<byte> free = connection.Unread.GetFreeSpace(loop.Buffers, connection.NeededBytes, readBytes);
        if (free.IsEmpty)
        {
            calls.TakesNothing(connection);
            return TransferStatus.WouldBlock;
        }

        TransferStatus status = driver.Receive(connection, free, out int received);
        if (status == TransferStatus.Done)
        {
            ReceivedBytes += received;
            connection.Unread.Appended(received);
            Give(connection, connection.Unread.Bytes);
        }

        return status;
    }

    private void Give(LoopConnection connection, ReadOnlySpan<byte> bytes)
    {
        connection.IsReceiving = true;
        int taken = calls.Receive(connection, bytes);
        connection.IsReceiving = false;
        if (connection.MoveTarget != LoopConnection.NoMove && connection.Phase == ConnectionPhase.Open)
        {
            loop.Move(connection, bytes[taken..]);
        }
        else if (connection.Phase == ConnectionPhase.Open)
        {
            connection.Unread.Replace(loop.Buffers, bytes[taken..]);
        }
        else
        {
            connection.Unread.Release(loop.Buffers);
        }
    }

    private void Discard(LoopConnection connection)
    {
        switch (driver.Receive(connection, _shared, out _))
        {
            case TransferStatus.EndOfStream when connection.Phase == ConnectionPhase.Closing && !connection.IsPeerDone:
                // It has ended its side only, for all we know: it gets what is pending.
                Watch(connection, read: false);
                connection.IsPeerDone = true;
                break;
            case TransferStatus.EndOfStream or TransferStatus.Failed:
                loop.Ending.Over(connection, connection.Output.Length > 0 ? ConnectionEnd.Failed : ConnectionEnd.ByUs);
                break;
        }
    }

    private void Watch(LoopConnection connection, bool read)
    {
        connection.WatchesRead = read;
        driver.WatchChanged(connection);
    }
}
