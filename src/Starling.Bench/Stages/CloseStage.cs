using Starling.Bench.Loads;
using Starling.Bench.Measuring;
using Starling.Bench.Running;
using Starling.Protocol;

namespace Starling.Bench.Stages;

/// <summary>Lets clients disconnect, and waits until their connections are over.</summary>
internal sealed class CloseStage(BenchRun run, IReadOnlyList<LoadClient> clients) : IStage
{
    private const long PatienceNanoseconds = 5 * BenchClock.PerSecond;

    private readonly ProgressWatch _watch = new();
    private long _leftOpen;

    public string Name => "disconnect";

    public void Begin()
    {
        LoadCounts counts = run.Count();
        _leftOpen = Math.Max(0, counts.Opened - counts.Ended - clients.Count);
        foreach (LoadClient client in clients)
        {
            run.Post(LoopCommandKind.Disconnect, client);
        }
    }

    public long? Advance(in Instant now)
    {
        LoadCounts counts = run.Count();
        bool isOver = counts.Opened - counts.Ended <= _leftOpen || _watch.QuietFor(counts.Ended, run.Clock.Now) > PatienceNanoseconds;
        return isOver ? null : now.MonotonicMilliseconds + 1;
    }

    public bool TryFinish() => false;

    public void Abort()
    {
        // Nothing is measured here.
    }
}
