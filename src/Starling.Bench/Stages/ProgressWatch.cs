namespace Starling.Bench.Stages;

/// <summary>How long nothing has happened.</summary>
internal sealed class ProgressWatch
{
    private long _value = long.MinValue;
    private long _since;

    /// <summary>Nanoseconds since the value changed last.</summary>
    /// <param name="value">Whatever grows with progress.</param>
    /// <param name="now">The time in nanoseconds.</param>
    public long QuietFor(long value, long now)
    {
        if (value != _value)
        {
            _value = value;
            _since = now;
        }

        return now - _since;
    }
}
