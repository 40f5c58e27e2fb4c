using CsCheck;
using Starling.Bench.Measuring;

namespace Starling.Bench.Tests.Measuring;

public sealed class LatencyHistogramTests
{
    private static readonly Gen<long> Times =
        Gen.OneOf(Gen.Long[0, 200], Gen.Long[0, 1_000_000], Gen.Long[0, long.MaxValue >> 8], Gen.Int[7, 54].Select(shift => (1L << shift) - 1));

    private static readonly Gen<long[]> Series = Times.Array[1, 400];

    [Fact]
    public void Quantiles_are_never_below_the_exact_ones_and_at_most_a_128th_above() => Gen.Select(Series, Gen.Double[0, 1]).Sample((values, share) =>
    {
        LatencyHistogram histogram = Of(values);
        long[] sorted = [.. values.Order()];
        long exact = sorted[Math.Clamp((int)Math.Ceiling(share * sorted.Length), 1, sorted.Length) - 1];

        long found = histogram.ValueAt(share);

        Assert.InRange(found, exact, exact + (exact / 128));
    });

    [Fact]
    public void Count_mean_and_largest_are_exact() => Times.Select(time => time >> 10).Array[1, 400].Sample(values =>
    {
        LatencyHistogram histogram = Of(values);

        Assert.Equal(values.Length, histogram.Count);
        Assert.Equal(values.Max(), histogram.Largest);
        Assert.Equal(values.Average(), histogram.Mean, 1e-6 * Math.Max(1, values.Average()));
        Assert.Equal(values.Max(), histogram.ValueAt(1));
    });

    [Fact]
    public void Merged_is_as_counted_together() => Gen.Select(Series, Series).Sample((first, second) =>
    {
        LatencyHistogram merged = Of(first);
        merged.Add(Of(second));

        Assert.Equal(Of([.. first, .. second]).Steps(), merged.Steps());
    });

    [Fact]
    public void What_came_since_a_copy_is_as_counted_alone() => Gen.Select(Series, Series).Sample((first, second) =>
    {
        LatencyHistogram earlier = Of(first);
        LatencyHistogram since = Of([.. first, .. second]).Since(earlier);
        LatencyHistogram alone = Of(second);

        Assert.Equal(alone.Count, since.Count);
        Assert.All([0.1, 0.5, 0.9, 0.99], share => Assert.InRange(since.ValueAt(share), alone.ValueAt(share), alone.ValueAt(share) + (alone.ValueAt(share) / 128)));
    });

    [Fact]
    public void Steps_go_up_and_end_with_all_values() => Series.Sample(values =>
    {
        (long Value, long CountUpTo)[] steps = [.. Of(values).Steps()];

        Assert.Equal(steps.OrderBy(step => step.Value), steps);
        Assert.Equal(values.Length, steps[^1].CountUpTo);
        Assert.Equal(values.Max(), steps[^1].Value);
    });

    [Fact]
    public void Empty_has_zeros()
    {
        LatencyHistogram histogram = new();

        Assert.Equal((0, 0, 0, 0), (histogram.Count, histogram.ValueAt(0.5), histogram.Largest, (long)histogram.Mean));
        Assert.Empty(histogram.Steps());
    }

    [Fact]
    public void A_time_before_the_begin_counts_as_none()
    {
        LatencyHistogram histogram = Of([-5]);

        Assert.Equal((1, 0), (histogram.Count, histogram.ValueAt(1)));
    }

    private static LatencyHistogram Of(long[] values)
    {
        LatencyHistogram histogram = new();
        foreach (long value in values)
        {
            histogram.Record(value);
        }

        return histogram;
    }
}
