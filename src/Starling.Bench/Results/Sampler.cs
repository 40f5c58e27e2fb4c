using Starling.Bench.Measuring;
using Starling.Bench.Observing;
using Starling.Bench.Running;
using Starling.Protocol;

namespace Starling.Bench.Results;

/// <summary>Looks at a run once a second.</summary>
internal sealed class Sampler(BenchRun run, IBenchObserver observer)
{
    private const long PeriodMilliseconds = 1000;

    private readonly List<Sample> _samples = [];
    private long _next = long.MaxValue;
    private long _begun;
    private long _last;
    private LoadCounts _counts = LoadCounts.Zero;
    private LatencyHistogram _times = new();
    private Measure _measure;
    private BrokerUsage? _broker;
    private long[] _cpu = [];

    public IReadOnlyList<Sample> Samples => _samples;

    public void Begin(in Instant now)
    {
        _begun = _last = run.Clock.Now;
        _next = now.MonotonicMilliseconds + PeriodMilliseconds;
        _broker = run.Broker?.Read();
        _cpu = CpuOfLoops();
    }

    /// <summary>Takes a sample when a second is over; returns when the next one is, in monotonic milliseconds.</summary>
    public long Advance(in Instant now, string stage)
    {
        if (now.MonotonicMilliseconds >= _next)
        {
            Take(stage);
            _next = Math.Max(_next + PeriodMilliseconds, now.MonotonicMilliseconds + 1);
        }

        return _next;
    }

    public void End(in Instant now)
    {
        if (now.MonotonicMilliseconds > _next - PeriodMilliseconds)
        {
            Take("end");
        }
    }

    private void Take(string stage)
    {
        long time = run.Clock.Now;
        LoadCounts counts = run.Count();
        double seconds = Math.Max(1, time - _last) / (double)BenchClock.PerSecond;
        (LatencyHistogram times, LatencyHistogram latest) = Times();
        long[] cpu = CpuOfLoops();
        BrokerUsage? broker = run.Broker?.Read();
        Sample sample = new()
        {
            Stage = stage,
            At = (time - _begun) / (double)BenchClock.PerSecond,
            Seconds = seconds,
            Totals = counts,
            SentPerSecond = (counts.Sent - _counts.Sent) / seconds,
            DeliveredPerSecond = (counts.Delivered - _counts.Delivered) / seconds,
            ConnectsPerSecond = (counts.Accepted - _counts.Accepted) / seconds,
            P50 = latest.ValueAt(0.5),
            P99 = latest.ValueAt(0.99),
            Largest = latest.Largest,
            GeneratorShare = cpu.Zip(_cpu, (current, before) => current - before).Max() / (double)Math.Max(1, time - _last),
            BrokerProcessors = broker is { } used && _broker is { } before
                ? (used.CpuNanoseconds - before.CpuNanoseconds) / (double)Math.Max(1, time - _last)
                : null,
            Broker = broker,
        };
        (_last, _counts, _times, _cpu, _broker) = (time, counts, times, cpu, broker);
        _samples.Add(sample);
        observer.OnSample(sample);
    }

    // Of deliveries as soon as there are some, else of acknowledgements or connections.
    private (LatencyHistogram All, LatencyHistogram Latest) Times()
    {
        foreach (Measure measure in (ReadOnlySpan<Measure>)[Measure.Delivery, Measure.Cycle, Measure.Acknowledgement])
        {
            LatencyHistogram all = run.Histogram(measure);
            if (all.Count > 0)
            {
                return Since(all, measure);
            }
        }

        return Since(run.Histogram(Measure.ConnAck), Measure.ConnAck);
    }

    private (LatencyHistogram All, LatencyHistogram Latest) Since(LatencyHistogram all, Measure measure)
    {
        bool isSame = measure == _measure;
        _measure = measure;
        return (all, isSame ? all.Since(_times) : all);
    }

    private long[] CpuOfLoops() => [.. run.Loops.Select(loop => Volatile.Read(ref loop.Metrics.Counters.Cpu))];
}
