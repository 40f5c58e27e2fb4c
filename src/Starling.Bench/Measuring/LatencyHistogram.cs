using System.Numerics;

namespace Starling.Bench.Measuring;

/// <summary>
/// Counts times in nanoseconds in buckets that grow with the value: exact below 128, within 1/128 above. One thread writes; others may
/// read meanwhile, and see what was counted a moment ago.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int PrecisionBits = 7;
    private const int StepsPerPower = 1 << PrecisionBits;
    private const int BucketCount = (64 - PrecisionBits) * StepsPerPower;

    private readonly long[] _counts = new long[BucketCount];
    private long _sum;
    private long _largest;

    /// <summary>How many values were counted.</summary>
    public long Count { get; private set; }

    /// <summary>The largest value, exactly.</summary>
    public long Largest => _largest;

    /// <summary>The mean, exactly; 0 without values.</summary>
    public double Mean => Count == 0 ? 0 : (double)_sum / Count;

    /// <summary>Counts a value; a negative one counts as 0.</summary>
    public void Record(long value)
    {
        value = Math.Max(0, value);
        _counts[BucketOf(value)]++;
        Count++;
        _sum += value;
        _largest = Math.Max(_largest, value);
    }

    /// <summary>Adds what the other one has counted.</summary>
    public void Add(LatencyHistogram other)
    {
        for (int i = 0; i < BucketCount; i++)
        {
            _counts[i] += other._counts[i];
        }

        Count += other.Count;
        _sum += other._sum;
        _largest = Math.Max(_largest, other._largest);
    }

    /// <summary>What was counted since an earlier copy of this histogram. Its largest value is the upper end of the last bucket in use.</summary>
    public LatencyHistogram Since(LatencyHistogram earlier)
    {
        LatencyHistogram difference = new();
        for (int i = 0; i < BucketCount; i++)
        {
            long count = _counts[i] - earlier._counts[i];
            difference._counts[i] = count;
            difference.Count += count;
            if (count > 0)
            {
                difference._largest = Math.Min(_largest, LargestOf(i));
            }
        }

        difference._sum = _sum - earlier._sum;
        return difference;
    }

    /// <summary>
    /// The value at or below which this share of all values lies: the upper end of its bucket, and never above the largest. 0 without
    /// values.
    /// </summary>
    /// <param name="share">From 0 to 1.</param>
    public long ValueAt(double share)
    {
        long wanted = Math.Clamp((long)Math.Ceiling(share * Count), 1, Math.Max(1, Count));
        long seen = 0;
        for (int i = 0; i < BucketCount; i++)
        {
            seen += _counts[i];
            if (seen >= wanted)
            {
                return Math.Min(LargestOf(i), _largest);
            }
        }

        return _largest;
    }

    /// <summary>The buckets that hold something, upwards: the upper end, and how many values are at or below it.</summary>
    public IEnumerable<(long Value, long CountUpTo)> Steps()
    {
        long seen = 0;
        for (int i = 0; i < BucketCount; i++)
        {
            if (_counts[i] > 0)
            {
                seen += _counts[i];
                yield return (Math.Min(LargestOf(i), _largest), seen);
            }
        }
    }

    private static int BucketOf(long value)
    {
        if (value < StepsPerPower)
        {
            return (int)value;
        }

        int shift = BitOperations.Log2((ulong)value) - PrecisionBits;
        return ((shift + 1) << PrecisionBits) + (int)((value >> shift) & (StepsPerPower - 1));
    }

    private static long LargestOf(int bucket)
    {
        if (bucket < StepsPerPower)
        {
            return bucket;
        }

        int shift = (bucket >> PrecisionBits) - 1;
        long smallest = ((long)StepsPerPower | (bucket & (StepsPerPower - 1))) << shift;
        return smallest + (1L << shift) - 1;
    }
}
