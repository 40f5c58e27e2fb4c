using Starling.Protocol.Loops;

namespace Starling.Transports.Loops;

/// <summary>
/// Sends what connections appended: once per iteration, so that batches come from load by themselves, or at once when much is
/// pending, so that the kernel works while the loop goes on.
/// </summary>
internal sealed class OutputFlusher(EventLoop loop, ILoopDriver driver, ClientCalls calls)
{
    private const int ConnectionPendingBytesMax = 64 * 1024;
    private const int LoopAppendedBytesMax = 1024 * 1024;

    private readonly List<LoopConnection> _dirty = [];
    private int _appendedBytes;

    public bool HasWork => _dirty.Count > 0;

    /// <summary>Connections with output that is not sent.</summary>
    public int Count => _dirty.Count;

    public void MarkDirty(LoopConnection connection)
    {
        if (!connection.IsDirty)
        {
            connection.IsDirty = true;
            _dirty.Add(connection);
        }
    }

    public void Appended(LoopConnection connection, int length)
    {
        MarkDirty(connection);
        _appendedBytes += length;
        if (connection.PendingBytes >= ConnectionPendingBytesMax && !connection.WatchesWrite)
        {
            Send(connection);
        }
        else if (_appendedBytes >= LoopAppendedBytesMax)
        {
            FlushAll();
        }
    }

    /// <summary>Shared bytes have become the connection's own.</summary>
    public void Moved(LoopConnection connection)
    {
        MarkDirty(connection);
        if (connection.PendingBytes >= ConnectionPendingBytesMax && !connection.WatchesWrite)
        {
            Send(connection);
        }
    }

    /// <summary>What connections have in common ends here, too.</summary>
    public void FlushAll()
    {
        _appendedBytes = 0;
        for (int i = 0; i < _dirty.Count; i++)
        {
            LoopConnection connection = _dirty[i];
            connection.IsDirty = false;
            if (connection.WatchesWrite)
            {
                connection.Shared.MoveTo(ref connection.Output, loop.Buffers);
            }
            else
            {
                Flush(connection);
            }

            connection.Shared = default;
        }

        _dirty.Clear();
        loop.Shared.Close();
    }

    /// <summary>There is room to send again.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="alreadySent">What a driver has sent of the pending bytes itself since then.</param>
    public void OnWritable(LoopConnection connection, int alreadySent)
    {
        if (connection.Phase > ConnectionPhase.Closing || connection.IsSendBroken)
        {
            return;
        }

        connection.Output.Consume(loop.Buffers, alreadySent);
        connection.WatchesWrite = false;
        Flush(connection);
        if (!connection.WatchesWrite)
        {
            driver.WatchChanged(connection);
            if (connection.Phase == ConnectionPhase.Open && !connection.IsSendBroken)
            {
                calls.Drained(connection);
            }
        }
    }

    /// <summary>A driver's own send has failed.</summary>
    public void OnSendFailed(LoopConnection connection)
    {
        connection.WatchesWrite = false;
        if (connection.Phase == ConnectionPhase.Open && !connection.IsPaused)
        {
            connection.IsSendBroken = true;
            connection.Shared = default;
            connection.Output.Release(loop.Buffers);
            loop.Reader.ReadRestOf(connection);
        }
        else
        {
            loop.Ending.Over(connection, ConnectionEnd.Failed);
        }
    }

    /// <summary>One last attempt for a peer that has ended its side and may still read.</summary>
    public void SendLast(LoopConnection connection)
    {
        connection.Shared.MoveTo(ref connection.Output, loop.Buffers);
        if (connection.Output.Length > 0)
        {
            SendPieces(connection, out _);
        }
    }

    private void Flush(LoopConnection connection)
    {
        if (connection.Phase > ConnectionPhase.Closing)
        {
            return;
        }

        if (connection.Output.Length > 0)
        {
            connection.Shared.MoveTo(ref connection.Output, loop.Buffers);
            Send(connection);
        }
        else
        {
            connection.Output.Release(loop.Buffers);
            if (connection.Shared.Length > 0)
            {
                SendShared(connection);
            }
        }

        if (connection.Phase == ConnectionPhase.Closing && connection.Output.Length == 0)
        {
            loop.Ending.AllSent(connection);
        }
    }

    /// <summary>From where it is: only what the kernel does not take is copied.</summary>
    private void SendShared(LoopConnection connection)
    {
        TransferStatus status = driver.Send(connection, connection.Shared.Pending, false, out int sent);
        if (status is TransferStatus.Failed or TransferStatus.EndOfStream)
        {
            OnSendFailed(connection);
            return;
        }

        connection.Shared.Consume(sent);
        if (connection.Shared.Length > 0)
        {
            connection.Shared.MoveTo(ref connection.Output, loop.Buffers);
            connection.WatchesWrite = true;
            driver.WatchChanged(connection);
        }
    }

    private void Send(LoopConnection connection)
    {
        SendPieces(connection, out TransferStatus status);
        if (status is TransferStatus.Failed or TransferStatus.EndOfStream)
        {
            OnSendFailed(connection);
        }
        else if (connection.Output.Length > 0)
        {
            connection.WatchesWrite = true;
            driver.WatchChanged(connection);
        }
    }

    /// <summary>Most output is in one piece, so this is one send.</summary>
    private void SendPieces(LoopConnection connection, out TransferStatus status)
    {
        bool isShort;
        do
        {
            ReadOnlySpan<byte> next = connection.Output.Next;
            status = driver.Send(connection, next, next.Length < connection.Output.Length, out int sent);
            isShort = sent < next.Length;
            connection.Output.Consume(loop.Buffers, sent);
        }
        while (!isShort && connection.Output.Length > 0);
    }
}
