using Starling.Bench.Loads;
using Starling.Bench.Measuring;
using Starling.Bench.Results;
using Starling.Bench.Running;
using Starling.Protocol;

namespace Starling.Bench.Stages;

/// <summary>Lets clients connect and subscribe, a number of them at a time, and waits for what the server has for them.</summary>
/// <param name="run">The run.</param>
/// <param name="connector">Opens the connections.</param>
/// <param name="clients">Who connects.</param>
/// <param name="plan">How.</param>
internal sealed class OpenStage(BenchRun run, IConnector connector, IReadOnlyList<LoadClient> clients, OpenPlan plan) : IStage
{
    private readonly ProgressWatch _watch = new();
    private SectionMeter? _meter;
    private LoadCounts _before = LoadCounts.Zero;
    private long _begun;
    private int _opened;

    public string Name => plan.Name;

    public void Begin()
    {
        foreach (LoadClient client in clients)
        {
            plan.Prepare?.Invoke(client);
        }

        _meter = plan.IsMeasured ? new SectionMeter(run, plan.Name) : null;
        _before = run.Count();
        _begun = run.Clock.Now;
        run.Director.Expected += plan.Deliveries;
    }

    public long? Advance(in Instant now)
    {
        if (run.Failure is not null)
        {
            return null;
        }

        long time = run.Clock.Now;
        LoadCounts counts = run.Count();
        long ready = counts.Ready - _before.Ready;
        while (_opened < clients.Count && _opened - ready < run.Settings.Concurrency && IntendedOf(_opened, time) is var intended && intended <= time)
        {
            LoadClient client = clients[_opened++];
            client.OpenIntended = intended;
            connector.Open(client.LoopIndex, client.Index);
        }

        long delivered = counts.Delivered - _before.Delivered;
        long quiet = _watch.QuietFor(counts.Opened + counts.Ready + counts.Delivered + _opened, time);
        if (ready == clients.Count && (delivered >= plan.Deliveries || quiet > NanosecondsOf(run.Settings.Drain)))
        {
            _meter?.End();
            return null;
        }

        // Clients that are to come later are no stall.
        if (quiet > NanosecondsOf(run.Settings.Patience) && _opened > ready)
        {
            run.Fail(new RunFailure(FailureKind.Stalled, ReasonCode.UnspecifiedError, $"{ready} of {clients.Count} clients were ready"));
        }

        return now.MonotonicMilliseconds + 1;
    }

    public bool TryFinish() => false;

    public void Abort() => _meter?.End();

    private long IntendedOf(int client, long time) => plan.PerSecond > 0 ? _begun + (long)(client * (BenchClock.PerSecond / plan.PerSecond)) : time;

    private static long NanosecondsOf(TimeSpan time) => (long)(time.TotalMilliseconds * BenchClock.PerMillisecond);
}
