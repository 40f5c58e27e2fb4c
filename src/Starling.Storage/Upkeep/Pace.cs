namespace Starling.Storage.Upkeep;

/// <summary>Lets so many bytes pass in a second, and at most a second's worth at once.</summary>
internal sealed class Pace(TimeProvider time)
{
    private long _last = time.GetTimestamp();
    private double _allowed;

    /// <summary>Whether the next piece may be read at this rate.</summary>
    public bool IsOpen(long bytesPerSecond)
    {
        long now = time.GetTimestamp();
        _allowed = Math.Min(_allowed + (time.GetElapsedTime(_last, now).TotalSeconds * bytesPerSecond), bytesPerSecond);
        _last = now;
        return _allowed >= 0;
    }

    public void Passed(long bytes) => _allowed -= bytes;
}
