using Microsoft.Extensions.Logging;
using Starling.Protocol.Loops;
using Starling.Transports.Loops;

namespace Starling.Transports.InMemory;

/// <summary>
/// Loops without threads, sockets or a real clock: the thread that made the group runs them, in the order of their indexes, so a
/// run can be repeated exactly. While one loop runs, <see cref="ILoop.IsCurrent"/> is false on the others.
/// </summary>
public sealed class InMemoryLoopGroup
{
    // A client that always has something to do would never come to rest.
    private const int IterationsMax = 1_000_000;

    private readonly InMemoryLoop[] _loops;

    /// <summary>Makes the loops, and calls <see cref="ILoopClient.Start"/> of each client in order.</summary>
    /// <param name="loops">How many loops; at least 1.</param>
    /// <param name="createClient">Makes the client of a loop.</param>
    /// <param name="budget">Charged with the loops' buffers; null for one of 1 GiB.</param>
    /// <param name="loggers">For faults of clients; null for none.</param>
    /// <param name="time">The clock; null for one of its own.</param>
    public InMemoryLoopGroup(
        int loops,
        Func<int, ILoopClient> createClient,
        MemoryBudget? budget = null,
        ILoggerFactory? loggers = null,
        VirtualTime? time = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(loops, 1);
        ArgumentNullException.ThrowIfNull(createClient);
        Budget = budget ?? new MemoryBudget(1L << 30);
        Time = time ?? new VirtualTime();
        EventLoop[] peers = new EventLoop[loops];
        _loops = new InMemoryLoop[loops];
        for (int i = 0; i < loops; i++)
        {
            _loops[i] = new InMemoryLoop(this, i, peers, createClient(i), loggers);
            peers[i] = _loops[i].EventLoop;
        }

        EnterAll();
        foreach (InMemoryLoop loop in _loops)
        {
            loop.EventLoop.Start();
        }
    }

    /// <summary>The loops by index.</summary>
    public IReadOnlyList<InMemoryLoop> Loops => _loops;

    /// <summary>The clock of all loops.</summary>
    public VirtualTime Time { get; }

    /// <summary>The budget that the loops' buffers are charged to.</summary>
    public MemoryBudget Budget { get; }

    /// <summary>Opens a connection to a loop; see <see cref="InMemoryLoop.Open"/>.</summary>
    public InMemoryPeer Open(int loopIndex = 0) => _loops[loopIndex].Open();

    /// <summary>One iteration of every loop, in order.</summary>
    public void RunIteration()
    {
        foreach (InMemoryLoop loop in _loops)
        {
            loop.RunIteration();
        }
    }

    /// <summary>Runs iterations, all loops in turn, until nothing is left to do at this instant.</summary>
    public void RunUntilIdle()
    {
        for (int i = 0; i < IterationsMax; i++)
        {
            if (!Array.Exists(_loops, loop => loop.EventLoop.HasWork || loop.EventLoop.NextDeadline <= Time.GetTimestamp()))
            {
                return;
            }

            RunIteration();
        }

        throw new InvalidOperationException($"The loops did not come to rest within {IterationsMax} iterations.");
    }

    /// <summary>
    /// Finishes what can be done now, then lets time pass: it stops at each deadline on the way, in order, runs until idle there, and
    /// at the end.
    /// </summary>
    public void AdvanceTime(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        long end = Time.GetTimestamp() + (long)by.TotalMilliseconds;
        RunUntilIdle();
        for (long next = NextDeadline(); next < end; next = NextDeadline())
        {
            Time.Pass(next - Time.GetTimestamp());
            RunUntilIdle();
        }

        Time.Pass(end - Time.GetTimestamp());
        RunUntilIdle();
    }

    /// <summary>The monotonic time in milliseconds at which a loop must run again; <see cref="long.MaxValue"/> for never.</summary>
    public long NextDeadline() => _loops.Min(static loop => loop.EventLoop.NextDeadline);

    internal void EnterOnly(InMemoryLoop running)
    {
        foreach (InMemoryLoop loop in _loops)
        {
            loop.EventLoop.Leave();
        }

        running.EventLoop.Enter();
    }

    internal void EnterAll()
    {
        foreach (InMemoryLoop loop in _loops)
        {
            loop.EventLoop.Enter();
        }
    }
}
