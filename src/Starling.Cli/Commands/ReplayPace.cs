namespace Starling.Cli.Commands;

/// <summary>When messages are due, and how late they were. Not for several threads; the figures may be read by others.</summary>
/// <param name="time">The clock.</param>
/// <param name="speed">How many times as fast; infinite: everything is due at once.</param>
internal sealed class ReplayPace(TimeProvider time, double speed)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    private long _begun = time.GetTimestamp();
    private long _latestTicks;
    private long _nowTicks;

    /// <summary>How late the latest message was.</summary>
    public TimeSpan Latest => new(Volatile.Read(ref _latestTicks));

    /// <summary>How late the last message was.</summary>
    public TimeSpan Now => new(Volatile.Read(ref _nowTicks));

    /// <summary>From the begin until now.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(_begun);

    /// <summary>Begins: what is at zero is due now.</summary>
    public void Begin() => _begun = time.GetTimestamp();

    /// <summary>Waits until something is due, and keeps how late it is then.</summary>
    /// <param name="at">When it is due, at the speed of the recording.</param>
    /// <param name="ct">Gives it up.</param>
    public async ValueTask WaitAsync(TimeSpan at, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        if (double.IsPositiveInfinity(speed))
        {
            return;
        }

        TimeSpan due = at / speed;
        TimeSpan late = Elapsed - due;
        while (late < TimeSpan.Zero)
        {
            // Timers know milliseconds; to wait for less would be to wait for nothing.
            await Task.Delay(-late < Shortest ? Shortest : -late, time, ct).ConfigureAwait(false);
            late = Elapsed - due;
        }

        Volatile.Write(ref _nowTicks, late.Ticks);
        Volatile.Write(ref _latestTicks, Math.Max(_latestTicks, late.Ticks));
    }
}
