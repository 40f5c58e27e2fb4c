using Microsoft.Extensions.Time.Testing;

namespace Starling.Cli.Tests;

/// <summary>A clock for one who waits at a time: a wait is over at once, and the time is then what it would have been.</summary>
internal sealed class JumpingTime : TimeProvider
{
    private readonly FakeTimeProvider _time = new();

    public override long TimestampFrequency => _time.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => _time.GetUtcNow();

    public override long GetTimestamp() => _time.GetTimestamp();

    public void Advance(TimeSpan by) => _time.Advance(by);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = _time.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.Zero)
        {
            // By another thread, as timers do: whoever made it has it before it is due.
            ThreadPool.QueueUserWorkItem(_ => Advance(dueTime));
        }

        return timer;
    }
}
