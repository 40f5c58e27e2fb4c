using System.Collections.Concurrent;
using Starling.Protocol;
using Starling.Protocol.Loops;

namespace Starling.Transports.Loops;

/// <summary>
/// One event loop, whatever drives it: <see cref="RunIteration"/> is the order in which everything happens. The operating system's
/// part is behind <see cref="ILoopDriver"/>, the protocol's part behind <see cref="ILoopClient"/>.
/// </summary>
internal sealed class EventLoop : ILoop
{
    private const int TrimMilliseconds = 5000;

    // Up to here an iteration has little to do, and time to read the letters of a loop that sleeps.
    private const int LightEventsMax = 8;
    private const int LightReceivedBytesMax = 4096;
    private const int LightFlushesMax = 32;

    private const long NanosecondsPerMillisecond = 1_000_000;

    private readonly ConcurrentQueue<ControlMessage> _control = new();
    private readonly LoopClock _clock;
    private readonly ILoopDriver _driver;
    private readonly ClientCalls _calls;
    private readonly LoopStop _stop;
    private readonly LoopHelp _help;
    private Instant _now;
    private long _clientDeadline;
    private long _trimDeadline;
    private long _sleepsUntil;
    private int _threadId;
    private int _sleeping;
    private bool _isInIteration;
    private int _nextDealt;

    public EventLoop(EventLoopParts parts, Func<EventLoop, ILoopDriver> createDriver, ILoopClient client)
    {
        Index = parts.Index;
        Peers = parts.Peers;
        Buffers = new BufferPool(parts.Account, parts.IdleBufferBytesMax);
        _clock = parts.Clock;
        _now = _clock.Now;
        _driver = createDriver(this);
        _calls = new ClientCalls(this, client, parts.Logger);
        Shared = new SharedOutputs(this);
        Reader = new ConnectionReader(this, _driver, _calls, parts.ReadBytes);
        Flusher = new OutputFlusher(this, _driver, _calls);
        Ending = new ConnectionEnding(this, _driver, _calls);
        _stop = new LoopStop(this);
        _help = new LoopHelp(this);
    }

    public int Index { get; }

    public BufferPool Buffers { get; }

    public bool IsCurrent => Volatile.Read(ref _threadId) == Environment.CurrentManagedThreadId;

    /// <summary>All loops of the group, this one included.</summary>
    public EventLoop[] Peers { get; }

    public ConnectionTable Connections { get; } = new();

    public ConnectionReader Reader { get; }

    public OutputFlusher Flusher { get; }

    public ConnectionEnding Ending { get; }

    public SharedOutputs Shared { get; }

    /// <summary>The instant of this iteration.</summary>
    public ref readonly Instant Now => ref _now;

    /// <summary>The calling thread drives the loop from here on.</summary>
    public void Enter() => Volatile.Write(ref _threadId, Environment.CurrentManagedThreadId);

    public void Leave() => Volatile.Write(ref _threadId, 0);

    public void Start()
    {
        _now = _clock.Now;
        _calls.Start();
    }

    /// <summary>One turn of the loop. All that the design says about order within a loop is here.</summary>
    public void RunIteration()
    {
        Reader.ReceivedBytes = 0;
        Sleep();
        _isInIteration = true;
        _now = _clock.Now;

        // Events: connections that come, bytes and room to send, bytes kept for those that were resumed, connections that are over.
        TakeControlMessages();
        _driver.Dispatch();
        Reader.GiveResumed();
        Reader.ReadBroken();
        _stop.CloseWhenDue();
        Ending.ExpireDeadlines();
        Ending.NotifyEnded();

        _calls.ReadMailboxes();
        _clientDeadline = _calls.Advance();

        Flusher.FlushAll();
        Shared.Recycle();
        TrimBuffers();
        _help.HelpOthers();
        _isInIteration = false;
    }

    /// <summary>Another loop, on its thread, reads the letters of this one, which sleeps.</summary>
    /// <returns>False when it does not sleep any more, and its thread has to look.</returns>
    public bool TryReadMailFor(EventLoop helper)
    {
        if (!_help.TryTake())
        {
            return false;
        }

        bool needsItsThread = true;
        try
        {
            Enter();
            _now = helper.Now.MonotonicMilliseconds > _now.MonotonicMilliseconds ? helper.Now : _now;
            _calls.ReadMailboxes();
            _clientDeadline = _calls.Advance();
            Flusher.FlushAll();
            Shared.Recycle();
            needsItsThread = HasWork || NextDeadline < _sleepsUntil;
        }
        finally
        {
            Leave();
            _help.Leave();
            if (needsItsThread)
            {
                WakeThread();
            }
        }

        return true;
    }

    /// <summary>Whether a stop was asked for and no connection is left.</summary>
    public bool IsStopped => _stop.IsRequested && Connections.Count == 0 && _control.IsEmpty;

    /// <summary>Stops when no connection is left; after the grace time all that are left are closed in order.</summary>
    public void BeginStop(long graceMilliseconds) => _stop.Begin(graceMilliseconds);

    public void Wake()
    {
        // The fence orders the letter before the look at the flag; Sleep has the same fence the other way round.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _sleeping) == 0)
        {
            return;
        }

        foreach (EventLoop peer in Peers)
        {
            if (peer.IsCurrent && peer.HasLittleToDo)
            {
                peer._help.Later(this);
                return;
            }
        }

        WakeThread();
    }

    /// <summary>Ends the sleep of the loop's own thread.</summary>
    public void WakeThread()
    {
        if (Interlocked.Exchange(ref _sleeping, 0) != 0)
        {
            _driver.Wake();
        }
    }

    public ISharedOutput OpenSharedOutput() => Shared.Open();

    public void SendFullOutputs() => Shared.SendFull();

    /// <summary>Hands something to this loop. Callable from any thread; always accepted.</summary>
    public void Post(in ControlMessage message)
    {
        _control.Enqueue(message);
        Wake();
    }

    /// <summary>Deals a connection that was accepted here to the loops in turn.</summary>
    public void Deal(TransportSocket socket, in ConnectionDetails details)
    {
        EventLoop target = Peers[_nextDealt];
        _nextDealt = (_nextDealt + 1) % Peers.Length;
        if (target == this)
        {
            Attach(socket, details, []);
        }
        else
        {
            target.Post(ControlMessage.Attach(socket, details, []));
        }
    }

    /// <summary>Makes a connection of a socket, or of what its driver takes for one, and attaches it to the client.</summary>
    public bool Attach(TransportSocket socket, in ConnectionDetails details, ReadOnlySpan<byte> unread)
    {
        LoopConnection connection = new(this, socket, details);
        Connections.Add(connection);
        if (_stop.IsClosing || !_driver.TryRegister(connection) || !_calls.Attach(connection))
        {
            Ending.Drop(connection);
            return false;
        }

        if (connection.Phase == ConnectionPhase.Open)
        {
            Reader.GiveMoved(connection, unread);
        }

        return true;
    }

    public void Move(LoopConnection connection, ReadOnlySpan<byte> unread)
    {
        byte[] rest = unread.ToArray();
        _driver.Detach(connection);
        Forget(connection);
        Peers[connection.MoveTarget].Post(ControlMessage.Attach(connection.Socket, connection.Details, rest));
    }

    /// <summary>Takes a connection that is closed or has moved out of the books.</summary>
    public void Forget(LoopConnection connection)
    {
        connection.Phase = ConnectionPhase.Gone;
        connection.Input = null;
        connection.Shared = default;
        connection.Output.Release(Buffers);
        connection.Unread.Release(Buffers);
        Connections.Remove(connection);
    }

    /// <summary>Whether an iteration would do something now, apart from what the driver knows of.</summary>
    public bool HasWork =>
        !_control.IsEmpty || _calls.HasMail || _driver.HasEvents || Reader.HasWork || Ending.HasWork || Flusher.HasWork;

    /// <summary>When the next iteration is due at the latest, in monotonic milliseconds.</summary>
    public long NextDeadline
    {
        get
        {
            long next = Math.Min(Math.Min(_clientDeadline, Ending.NextDeadline), Math.Min(_driver.NextDeadline, _stop.NextDeadline));
            return Buffers.IdleBytes > 0 ? Math.Min(next, _trimDeadline) : next;
        }
    }

    /// <summary>Asked on its thread: whether the running iteration leaves it time for the letters of another loop.</summary>
    private bool HasLittleToDo => _isInIteration
        && _driver.EventCount <= LightEventsMax
        && Reader.ReceivedBytes <= LightReceivedBytesMax
        && Flusher.Count <= LightFlushesMax;

    private void Sleep()
    {
        LoopRest rest = _calls.NextRest();
        if (rest.GatherNanoseconds > 0)
        {
            _driver.Gather(rest.GatherNanoseconds);
        }

        int timeout = HasWork ? 0 : MillisecondsUntil(NextDeadline);
        if (timeout != 0)
        {
            Volatile.Write(ref _sleeping, 1);
            Interlocked.MemoryBarrier();
            if (_calls.HasMail || !_control.IsEmpty || _driver.HasEvents)
            {
                timeout = 0;
            }
        }

        if (timeout == 0)
        {
            _driver.Wait(0);
        }
        else
        {
            Wait(timeout, rest);
        }

        Volatile.Write(ref _sleeping, 0);
    }

    /// <summary>Waits for events; meanwhile another loop may read the letters.</summary>
    private void Wait(int timeout, LoopRest rest)
    {
        _sleepsUntil = NextDeadline;
        Leave();
        _help.Leave();
        try
        {
            if (rest.WaitNanosecondsMax < (uint)timeout * NanosecondsPerMillisecond)
            {
                _driver.WaitFinely(rest.WaitNanosecondsMax);
            }
            else
            {
                _driver.Wait(timeout);
            }
        }
        finally
        {
            _help.TakeBack();
            Enter();
        }
    }

    private int MillisecondsUntil(long deadline)
    {
        const int ForEver = -1;
        if (deadline == long.MaxValue)
        {
            return ForEver;
        }

        // The clock is floored to whole milliseconds, so the difference never ends before the deadline.
        return (int)Math.Clamp(deadline - _clock.MonotonicMilliseconds, 0, int.MaxValue);
    }

    /// <summary>After a death: closes every connection, and tells nobody.</summary>
    public void CloseAll()
    {
        for (int i = 0; i < Connections.Capacity; i++)
        {
            if (Connections[i] is { } connection)
            {
                Ending.Drop(connection);
            }
        }
    }

    /// <summary>Closes what was handed to this loop after its end. Called when no thread runs a loop of the group any more.</summary>
    public void DiscardControlMessages()
    {
        while (_control.TryDequeue(out ControlMessage message))
        {
            if (message.Action is null)
            {
                _driver.Discard(message.Socket);
            }
        }
    }

    private void TakeControlMessages()
    {
        while (_control.TryDequeue(out ControlMessage message))
        {
            if (message.Action is { } action)
            {
                action();
            }
            else
            {
                Attach(message.Socket, message.Details, message.Unread);
            }
        }
    }

    private void TrimBuffers()
    {
        if (_now.MonotonicMilliseconds >= _trimDeadline)
        {
            Buffers.Trim();
            _trimDeadline = _now.MonotonicMilliseconds + TrimMilliseconds;
        }
    }
}
