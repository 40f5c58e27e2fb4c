using Starling.Protocol.Loops;

namespace Starling.Transports.Loops;

/// <summary>
/// Ends connections. A closed one is flushed, its sending side shut, and what arrives discarded for a while: closing a socket with
/// unread data would reset it, and the peer could lose the last packet before it has read it.
/// </summary>
internal sealed class ConnectionEnding(EventLoop loop, ILoopDriver driver, ClientCalls calls)
{
    private const int SendMillisecondsMax = 5000;
    private const int LingerMillisecondsMax = 1000;

    private readonly List<LoopConnection> _over = [];

    // Each queue has one constant duration, so it is in order of its deadlines.
    private readonly Queue<(long Deadline, LoopConnection Connection)> _sending = new();
    private readonly Queue<(long Deadline, LoopConnection Connection)> _lingering = new();

    public bool HasWork => _over.Count > 0;

    public long NextDeadline
    {
        get
        {
            long next = _sending.TryPeek(out (long Deadline, LoopConnection Connection) sending) ? sending.Deadline : long.MaxValue;
            return _lingering.TryPeek(out (long Deadline, LoopConnection Connection) lingering)
                ? Math.Min(next, lingering.Deadline)
                : next;
        }
    }

    public void Close(LoopConnection connection)
    {
        if (connection.Phase != ConnectionPhase.Open)
        {
            return;
        }

        if (connection.IsSendBroken)
        {
            Over(connection, ConnectionEnd.Failed);
            return;
        }

        // It gets no more of what others get.
        connection.Shared.MoveTo(ref connection.Output, loop.Buffers);
        connection.Shared = default;
        connection.Phase = ConnectionPhase.Closing;
        if (!connection.IsReceiving)
        {
            // Inside a receive they are still being looked at; the reader lets go of them afterwards.
            connection.Unread.Release(loop.Buffers);
        }

        if (!connection.WatchesRead)
        {
            // A peer that waits for us to read before it reads would never take what is pending.
            connection.WatchesRead = true;
            driver.WatchChanged(connection);
        }

        _sending.Enqueue((loop.Now.MonotonicMilliseconds + SendMillisecondsMax, connection));
        loop.Flusher.MarkDirty(connection);
    }

    public void AllSent(LoopConnection connection)
    {
        driver.ShutDownSending(connection);
        if (connection.IsPeerDone)
        {
            Over(connection, ConnectionEnd.ByUs);
            return;
        }

        connection.Phase = ConnectionPhase.Lingering;
        _lingering.Enqueue((loop.Now.MonotonicMilliseconds + LingerMillisecondsMax, connection));
    }

    /// <summary>The connection has ended; its client is told in the part of the iteration where it expects events.</summary>
    public void Over(LoopConnection connection, ConnectionEnd end)
    {
        if (connection.Phase < ConnectionPhase.Ended)
        {
            connection.Phase = ConnectionPhase.Ended;
            connection.End = end;
            _over.Add(connection);
        }
    }

    public void ExpireDeadlines()
    {
        long now = loop.Now.MonotonicMilliseconds;
        while (_sending.TryPeek(out (long Deadline, LoopConnection Connection) head) && head.Deadline <= now)
        {
            _sending.Dequeue();
            if (head.Connection.Phase == ConnectionPhase.Closing)
            {
                head.Connection.ResetsAtClose = true;
                Over(head.Connection, ConnectionEnd.NotTaken);
            }
        }

        while (_lingering.TryPeek(out (long Deadline, LoopConnection Connection) head) && head.Deadline <= now)
        {
            _lingering.Dequeue();
            Over(head.Connection, ConnectionEnd.ByUs);
        }
    }

    public void NotifyEnded()
    {
        // Telling one client may end others.
        for (int i = 0; i < _over.Count; i++)
        {
            LoopConnection connection = _over[i];
            if (connection.Phase == ConnectionPhase.Gone)
            {
                continue;
            }

            calls.Closed(connection);
            if (connection.End == ConnectionEnd.ByPeer)
            {
                loop.Flusher.SendLast(connection);
            }

            driver.Close(connection, connection.ResetsAtClose);
            loop.Forget(connection);
        }

        _over.Clear();
    }

    /// <summary>Closes a connection whose client was never told of it.</summary>
    public void Drop(LoopConnection connection)
    {
        driver.Close(connection, reset: true);
        loop.Forget(connection);
    }
}
