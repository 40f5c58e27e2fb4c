using System.Net.Sockets;
using Starling.Protocol.Loops;
using Starling.Transports.InMemory;

namespace Starling.Testing.Network;

/// <summary>
/// Loops in memory and the connections between them, on one clock that follows a <see cref="TimeProvider"/>. Nobody drives it: it runs on
/// the thread pool whenever something has happened, and in the callback of a timer when something is due. So virtual time passes inside the
/// call that moves it, with a stop at every deadline on the way, and looks to both ends as if it had passed. Any thread.
/// </summary>
internal sealed class MemoryNetwork : IDisposable
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly long _begun;
    private readonly VirtualTime _clock = new();
    private readonly ITimer _timer;
    private readonly List<InMemoryLoopGroup> _groups = [];
    private readonly List<MemoryLink> _links = [];
    private InMemoryLoopGroup? _listener;
    private int _nextLoop;
    private int _isAsked;

    public MemoryNetwork(TimeProvider time)
    {
        _time = time;
        _begun = time.GetTimestamp();
        _clock.JumpUtc(time.GetUtcNow() - _clock.GetUtcNow());
        _timer = time.CreateTimer(static state => (state as MemoryNetwork)?.RunAsked(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Connections that are open.</summary>
    public int Connections
    {
        get
        {
            lock (_gate)
            {
                return _links.Count;
            }
        }
    }

    /// <summary>Adds loops.</summary>
    public InMemoryLoopGroup Add(int loops, Func<int, ILoopClient> createClient, MemoryBudget? budget = null)
    {
        lock (_gate)
        {
            InMemoryLoopGroup group = new(loops, index => new WakingClient(createClient(index), Ask), budget, loggers: null, _clock);
            _groups.Add(group);
            return group;
        }
    }

    /// <summary>Takes loops away, whose connections break.</summary>
    public void Remove(InMemoryLoopGroup group)
    {
        lock (_gate)
        {
            _groups.Remove(group);
            if (_listener == group)
            {
                _listener = null;
                CutAll();
            }
        }
    }

    /// <summary>From now on these loops are connected to, in turn; null: nobody.</summary>
    public void Listen(InMemoryLoopGroup? group)
    {
        lock (_gate)
        {
            _listener = group;
        }
    }

    /// <summary>Opens a connection from a group of one loop, and runs until it is attached at both ends.</summary>
    /// <exception cref="SocketException">Nobody listens.</exception>
    public void Connect(InMemoryLoopGroup client)
    {
        lock (_gate)
        {
            if (_listener is not { } listener)
            {
                throw new SocketException((int)SocketError.ConnectionRefused);
            }

            _links.Add(new MemoryLink(client.Open(), listener.Open(_nextLoop++ % listener.Loops.Count)));
            Run();
        }
    }

    /// <summary>Breaks every connection.</summary>
    public void CutAll()
    {
        lock (_gate)
        {
            _links.ForEach(static link => link.Cut());
            _links.Clear();
            Run();
        }
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>Something has happened: runs soon.</summary>
    private void Ask()
    {
        if (Interlocked.Exchange(ref _isAsked, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static network => network.RunAsked(), this, preferLocal: false);
        }
    }

    private void RunAsked()
    {
        // Before it runs, so that whatever happens meanwhile is asked for again.
        Interlocked.Exchange(ref _isAsked, 0);
        lock (_gate)
        {
            Run();
        }
    }

    // With the gate held.
    private void Run()
    {
        long end = (long)_time.GetElapsedTime(_begun).TotalMilliseconds;
        for (long now = _clock.GetTimestamp(); now < end; now = _clock.GetTimestamp())
        {
            _clock.Pass(TimeSpan.FromMilliseconds(Math.Clamp(NextDeadline(), now + 1, end) - now));
            Settle();
        }

        Settle();

        long next = NextDeadline();
        _timer.Change(next == long.MaxValue ? Timeout.InfiniteTimeSpan : DueIn(next), Timeout.InfiniteTimeSpan);
    }

    private TimeSpan DueIn(long deadline)
    {
        TimeSpan due = TimeSpan.FromMilliseconds(deadline) - _time.GetElapsedTime(_begun);
        return due <= TimeSpan.Zero ? TimeSpan.FromMilliseconds(1) : TimeSpan.FromMilliseconds(Math.Ceiling(Math.Min(due.TotalMilliseconds, int.MaxValue)));
    }

    private long NextDeadline() => _groups.Count == 0 ? long.MaxValue : _groups.Min(static group => group.NextDeadline());

    private void Settle()
    {
        bool isMoved = true;
        while (isMoved)
        {
            _groups.ForEach(static group => group.RunUntilIdle());
            isMoved = _links.Aggregate(false, static (moved, link) => link.Carry() || moved);
            _links.RemoveAll(static link => link.IsOver);
        }
    }
}
