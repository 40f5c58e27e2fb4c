namespace Starling.Bench.Measuring;

/// <summary>Counters and histograms of one loop.</summary>
internal sealed class LoopMetrics
{
    private readonly LatencyHistogram[] _histograms = [.. Enum.GetValues<Measure>().Select(_ => new LatencyHistogram())];

    public LoopCounters Counters { get; } = new();

    public LatencyHistogram this[Measure measure] => _histograms[(int)measure];

    /// <summary>One histogram of what all loops have taken.</summary>
    public static LatencyHistogram Merge(IEnumerable<LoopMetrics> loops, Measure measure)
    {
        LatencyHistogram merged = new();
        foreach (LoopMetrics loop in loops)
        {
            merged.Add(loop[measure]);
        }

        return merged;
    }
}
