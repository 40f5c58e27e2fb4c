using Starling.Bench.Loads;
using Starling.Bench.Measuring;
using Starling.Bench.Results;
using Starling.Bench.Running;
using Starling.Protocol;

namespace Starling.Bench.Stages;

/// <summary>Opens each client again as soon as it has gone, or when its turn comes by the rate.</summary>
internal sealed class ChurnStage(BenchRun run, IConnector connector, IReadOnlyList<LoadClient> clients) : IStage
{
    private readonly ProgressWatch _watch = new();
    private readonly Queue<LoadClient> _free = new(clients);
    private SectionMeter? _meter;
    private LoadCounts _before = LoadCounts.Zero;
    private long _begun;
    private long _number;
    private bool _isFinishing;

    public string Name => "cycles";

    public void Begin()
    {
        _meter = new SectionMeter(run, Name);
        _before = run.Count();
        _begun = run.Clock.Now;
        run.MeasureFrom = _begun;
    }

    public long? Advance(in Instant now)
    {
        while (run.Closed.TryDequeue(out LoadClient? client))
        {
            _free.Enqueue(client);
        }

        long time = run.Clock.Now;
        bool isOver = _isFinishing
            || (run.Settings.Duration > TimeSpan.Zero && time - _begun >= run.Settings.Duration.TotalSeconds * BenchClock.PerSecond)
            || (run.Settings.Messages > 0 && _number >= run.Settings.Messages);
        while (!isOver && _free.Count > 0 && IntendedOf(_number, time) is var intended && intended <= time)
        {
            LoadClient client = _free.Dequeue();
            client.OpenIntended = intended;
            connector.Open(client.LoopIndex, client.Index);
            _number++;
            isOver = run.Settings.Messages > 0 && _number >= run.Settings.Messages;
        }

        LoadCounts counts = run.Count();
        if (isOver && _free.Count == clients.Count)
        {
            Finish(counts);
            return null;
        }

        if (_free.Count < clients.Count
            && _watch.QuietFor(counts.Cycles + counts.Delivered + counts.Accepted, time) > run.Settings.Patience.TotalSeconds * BenchClock.PerSecond)
        {
            run.Fail(new RunFailure(FailureKind.Stalled, ReasonCode.UnspecifiedError, $"{clients.Count - _free.Count} clients were in the middle of a cycle"));
        }

        return now.MonotonicMilliseconds + 1;
    }

    public bool TryFinish() => _isFinishing = true;

    public void Abort() => Finish(run.Count());

    private void Finish(LoadCounts counts)
    {
        run.Director.Expected += counts.Sent - _before.Sent;
        _meter?.End();
    }

    private long IntendedOf(long number, long time) =>
        run.Settings.IsOpenLoop ? _begun + (long)(number * (BenchClock.PerSecond / run.Settings.Rate)) : time;
}
