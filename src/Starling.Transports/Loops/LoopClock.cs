using Starling.Protocol;

namespace Starling.Transports.Loops;

/// <summary>Both clocks of a loop, in milliseconds.</summary>
internal sealed class LoopClock(TimeProvider time)
{
    private readonly long _frequency = time.TimestampFrequency;

    public Instant Now => new(MonotonicMilliseconds, time.GetUtcNow().ToUnixTimeMilliseconds());

    public long MonotonicMilliseconds
    {
        get
        {
            // Whole seconds first: a timestamp of nanoseconds times a thousand would overflow after some weeks.
            long timestamp = time.GetTimestamp();
            return (timestamp / _frequency * 1000) + (timestamp % _frequency * 1000 / _frequency);
        }
    }
}
