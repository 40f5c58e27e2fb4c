namespace Starling.Transports.InMemory;

/// <summary>
/// A clock that moves only when it is told to. Its monotonic milliseconds begin at 0 and its UTC at 2026-01-01 00:00. It has no
/// timers. Belongs to one thread.
/// </summary>
public sealed class VirtualTime : TimeProvider
{
    private DateTimeOffset _utcNow = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private long _milliseconds;

    /// <summary>A thousand: a timestamp is in milliseconds.</summary>
    public override long TimestampFrequency => 1000;

    /// <summary>The monotonic time in milliseconds.</summary>
    public override long GetTimestamp() => _milliseconds;

    /// <summary>The wall clock.</summary>
    public override DateTimeOffset GetUtcNow() => _utcNow;

    /// <summary>Always refused: whoever uses virtual time states its deadlines instead.</summary>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        throw new NotSupportedException("Virtual time has no timers.");

    /// <summary>Lets the wall clock jump, forwards or backwards; the monotonic clock does not notice.</summary>
    public void JumpUtc(TimeSpan by) => _utcNow += by;

    /// <summary>
    /// Lets time pass, in whole milliseconds. For those who drive several groups on one clock, and stop at their deadlines themselves.
    /// </summary>
    public void Pass(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        Pass((long)by.TotalMilliseconds);
    }

    internal void Pass(long milliseconds)
    {
        _milliseconds += milliseconds;
        _utcNow += TimeSpan.FromMilliseconds(milliseconds);
    }
}
