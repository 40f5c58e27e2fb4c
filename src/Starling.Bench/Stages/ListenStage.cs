using Starling.Bench.Measuring;
using Starling.Bench.Results;
using Starling.Bench.Running;
using Starling.Protocol;

namespace Starling.Bench.Stages;

/// <summary>Counts what others publish, for a time or until so many messages were here.</summary>
internal sealed class ListenStage(BenchRun run) : IStage
{
    private const long StepMilliseconds = 5;

    private SectionMeter? _meter;
    private LoadCounts _before = LoadCounts.Zero;
    private long _begun;

    public string Name => "traffic";

    public void Begin()
    {
        _begun = run.Clock.Now + (long)(run.Settings.WarmUp.TotalMilliseconds * BenchClock.PerMillisecond);
        run.MeasureFrom = _begun;
    }

    public long? Advance(in Instant now)
    {
        long time = run.Clock.Now;
        if (time >= _begun && _meter is null)
        {
            _meter = new SectionMeter(run, Name);
            _before = run.Count();
        }

        double seconds = run.Settings.Duration.TotalSeconds;
        bool isOver = _meter is not null
            && ((seconds > 0 && time - _begun >= seconds * BenchClock.PerSecond)
                || (run.Settings.Messages > 0 && run.Count().Delivered - _before.Delivered >= run.Settings.Messages));
        if (!isOver)
        {
            return now.MonotonicMilliseconds + StepMilliseconds;
        }

        _meter?.End();
        return null;
    }

    public bool TryFinish() => false;

    public void Abort() => _meter?.End();
}
