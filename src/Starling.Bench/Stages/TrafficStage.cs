using Starling.Bench.Loads;
using Starling.Bench.Measuring;
using Starling.Bench.Results;
using Starling.Bench.Running;
using Starling.Protocol;

namespace Starling.Bench.Stages;

/// <summary>Publishes: warms up, measures, then waits for what is still under way.</summary>
internal sealed class TrafficStage(BenchRun run, TrafficPlan plan) : IStage
{
    private const long StepMilliseconds = 5;
    private const long StallNanoseconds = 500 * BenchClock.PerMillisecond;

    private readonly ProgressWatch _watch = new();
    private readonly ProgressWatch _stall = new();
    private SectionMeter? _meter;
    private Traffic? _traffic;
    private long _measureFrom;
    private long _messages;
    private bool _isDraining;

    public string Name => plan.Name;

    public void Begin()
    {
        // What a run that ended early has stored is what there is to remove.
        _messages = plan.IsClearing ? plan.Publishers.Sum(loop => loop.Sum(publisher => publisher.Sequence)) : plan.Messages;
        if (plan.IsClearing && (run.Failure is not null || _messages == 0))
        {
            return;
        }

        long start = run.Clock.Now;
        _measureFrom = start + NanosecondsOf(plan.WarmUp);
        run.MeasureFrom = plan.IsClearing ? long.MaxValue : _measureFrom;
        _traffic = new Traffic
        {
            Start = start,
            Messages = _messages,
            Rate = plan.Rate,
            Window = plan.Window,
            FanOut = plan.FanOut,
            GatherNanoseconds = NanosecondsOf(run.Settings.Gather),
            Before = run.Count(),
            Publishers = plan.Publishers,
            Counters = [.. run.Loops.Select(loop => loop.Metrics.Counters)],
            IsClearing = plan.IsClearing,
        };
        BeginMeasuring(start);
        run.Traffic = _traffic;
        run.Post(LoopCommandKind.BeginTraffic);
    }

    public long? Advance(in Instant now)
    {
        if (_traffic is not { } traffic || (plan.IsClearing && run.Failure is not null))
        {
            return null;
        }

        long time = run.Clock.Now;
        LoadCounts counts = run.Count();
        long progress = counts.Sent + counts.Delivered + counts.Acknowledged;
        BeginMeasuring(time);
        if (!_isDraining && IsOver(counts, time))
        {
            traffic.Stop();
            _isDraining = true;
        }

        long quiet = _watch.QuietFor(_isDraining ? progress : -progress, time);
        if (_isDraining)
        {
            if (IsAllThere(counts) || quiet > NanosecondsOf(run.Settings.Drain))
            {
                Finish(counts);
                return null;
            }
        }
        else
        {
            HandleStall(traffic, progress, time);
        }

        return now.MonotonicMilliseconds + UntilNext(time);
    }

    public bool TryFinish()
    {
        _traffic?.Stop();
        _isDraining = true;
        return true;
    }

    public void Abort()
    {
        _traffic?.Stop();
        Finish(run.Count());
    }

    private void BeginMeasuring(long time)
    {
        if (_meter is null && time >= _measureFrom)
        {
            _meter = new SectionMeter(run, plan.Name);
        }
    }

    // The begin and the end of what is measured are met to the millisecond.
    private long UntilNext(long time)
    {
        long next = time < _measureFrom ? _measureFrom : _measureFrom + NanosecondsOf(plan.Duration);
        return Math.Clamp((next - time) / BenchClock.PerMillisecond, 1, StepMilliseconds);
    }

    private bool IsOver(LoadCounts counts, long time) =>
        (plan.Duration > TimeSpan.Zero && time - _measureFrom >= NanosecondsOf(plan.Duration))
        || (_messages > 0 && counts.Sent - _traffic?.Before.Sent >= _messages);

    private bool IsAllThere(LoadCounts counts)
    {
        LoadCounts before = _traffic?.Before ?? LoadCounts.Zero;
        long sent = counts.Sent - before.Sent;
        return (!plan.IsAcknowledged || counts.Acknowledged - before.Acknowledged >= sent)
            && counts.Delivered - before.Delivered >= sent * plan.FanOut;
    }

    // At QoS 0 a server may drop, and a window of deliveries must not wait for what never comes.
    private void HandleStall(Traffic traffic, long progress, long time)
    {
        long quiet = _stall.QuietFor(progress, time);
        if (quiet > NanosecondsOf(run.Settings.Patience) && plan.Rate == 0)
        {
            run.Fail(new RunFailure(FailureKind.Stalled, ReasonCode.UnspecifiedError, "no message was taken and none arrived"));
        }
        else if (quiet > StallNanoseconds && traffic.HasWindow && traffic.Outstanding > 0)
        {
            traffic.WriteOff();
            run.Post(LoopCommandKind.ForgetAnswers);
        }
    }

    private void Finish(LoadCounts counts)
    {
        if (!plan.IsClearing)
        {
            run.Director.Expected += (counts.Sent - (_traffic?.Before.Sent ?? counts.Sent)) * plan.FanOut;
        }

        _meter?.End();
    }

    private static long NanosecondsOf(TimeSpan time) => (long)(time.TotalMilliseconds * BenchClock.PerMillisecond);
}
