using System.Collections.Concurrent;
using Starling.Bench.Loads;
using Starling.Bench.Measuring;
using Starling.Bench.Observing;
using Starling.Bench.Settings;
using Starling.Protocol.Connections;

namespace Starling.Bench.Running;

/// <summary>What the loops of one run share. Members may be used from any thread unless they say otherwise.</summary>
internal sealed class BenchRun
{
    // Header, topic and properties of a packet beside its payload.
    private const int HeadBytesMax = 128 * 1024;

    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<LoadLoop> _loops = [];
    private RunFailure? _failure;
    private ServerLimits? _server;
    private long _measureFrom = long.MaxValue;
    private volatile bool _isStopRequested;
    private Traffic? _traffic;

    public BenchRun(BenchSettings settings, BenchClock clock, IBrokerProcess? broker)
    {
        Settings = settings;
        Clock = clock;
        Broker = broker;
        Director = new Director(this);
    }

    public BenchSettings Settings { get; }

    public BenchClock Clock { get; }

    /// <summary>The server's process, if it is known.</summary>
    public IBrokerProcess? Broker { get; }

    public Director Director { get; }

    public IReadOnlyList<LoadLoop> Loops => _loops;

    /// <summary>All clients by index. Filled before the loops start.</summary>
    public List<LoadClient> Clients { get; } = [];

    /// <summary>How requests are answered; null in every other scenario.</summary>
    public RequestTable? Requests { get; set; }

    /// <summary>Clients whose connection has ended.</summary>
    public ConcurrentQueue<LoadClient> Closed { get; } = new();

    /// <summary>Messages that were to be sent from here on are measured.</summary>
    public long MeasureFrom
    {
        get => Volatile.Read(ref _measureFrom);
        set => Volatile.Write(ref _measureFrom, value);
    }

    /// <summary>What is being published; null before.</summary>
    public Traffic? Traffic
    {
        get => Volatile.Read(ref _traffic);
        set => Volatile.Write(ref _traffic, value);
    }

    /// <summary>The largest packet that is taken.</summary>
    public int PacketBytesMax => Math.Max(2 << 20, Settings.Sizes.Largest + HeadBytesMax);

    /// <summary>What the server says of itself in its first CONNACK; null before.</summary>
    public ServerLimits? Server
    {
        get
        {
            lock (_gate)
            {
                return _server;
            }
        }
    }

    /// <summary>What went wrong first; null for nothing.</summary>
    public RunFailure? Failure => Volatile.Read(ref _failure);

    /// <summary>Whether somebody wants the run to end early.</summary>
    public bool IsStopRequested => _isStopRequested;

    /// <summary>Completes when the run is over.</summary>
    public Task Completion => _completion.Task;

    /// <summary>The sums of all loops now.</summary>
    public LoadCounts Count() => LoadCounts.Of(_loops.Select(loop => loop.Metrics.Counters));

    public LatencyHistogram Histogram(Measure measure) => LoopMetrics.Merge(_loops.Select(loop => loop.Metrics), measure);

    /// <summary>Makes the client of a loop; in the order of the loops, before they start.</summary>
    public LoadLoop AddLoop(IThreadClock threadClock)
    {
        LoadLoop loop = new(this, _loops.Count, threadClock);
        _loops.Add(loop);
        return loop;
    }

    /// <summary>A server has accepted a client.</summary>
    public void Accepted(in ServerLimits limits)
    {
        lock (_gate)
        {
            _server ??= limits;
        }
    }

    /// <summary>Something went wrong that ends the run.</summary>
    public void Fail(RunFailure failure)
    {
        if (Interlocked.CompareExchange(ref _failure, failure, null) is null)
        {
            WakeDirector();
        }
    }

    /// <summary>Ends the run early, with what it has found so far.</summary>
    public void RequestStop()
    {
        _isStopRequested = true;
        WakeDirector();
    }

    public void Post(LoopCommandKind kind)
    {
        foreach (LoadLoop loop in _loops)
        {
            loop.Post(kind);
        }
    }

    public void Post(LoopCommandKind kind, LoadClient client) => _loops[client.LoopIndex].Post(kind, client);

    internal void Complete() => _completion.TrySetResult();

    // A run that finds no server has no loops.
    private void WakeDirector() => _loops.FirstOrDefault()?.Post(LoopCommandKind.Wake);
}
