namespace Starling.Bench;

/// <summary>The monotonic clock of a run in nanoseconds; as fine as the time provider is.</summary>
internal sealed class BenchClock(TimeProvider time)
{
    public const long PerSecond = 1_000_000_000;
    public const long PerMillisecond = 1_000_000;
    public const double PerMicrosecond = 1000;

    private readonly long _factor = PerSecond / time.TimestampFrequency;

    public TimeProvider Time { get; } = time;

    /// <summary>The time now. Its zero is arbitrary, but the same for all processes of a machine.</summary>
    public long Now => _factor * Time.TimestampFrequency == PerSecond
        ? Time.GetTimestamp() * _factor
        : (long)(Time.GetTimestamp() * ((double)PerSecond / Time.TimestampFrequency));
}
