namespace Starling.Transports.Loops;

/// <summary>
/// Letters to a loop that sleeps. To wake its thread for one letter costs more than the letter, so a loop with little to do reads them itself: at the
/// end of its iteration it takes the sleeping loop over for a moment. A loop is run by one thread at a time: by its own, or while that waits for events, by a helper.
/// </summary>
internal sealed class LoopHelp(EventLoop loop)
{
    /// <summary>Loops that write to each other without end must not keep a helper.</summary>
    private const int HelpsMax = 8;

    private readonly List<EventLoop> _others = [];
    private int _isRun = 1;

    /// <summary>The loop's thread is about to wait; it touches nothing until <see cref="TakeBack"/>.</summary>
    public void Leave() => Volatile.Write(ref _isRun, 0);

    /// <summary>The loop's thread goes on; what a helper has begun ends within one iteration.</summary>
    public void TakeBack()
    {
        SpinWait wait = default;
        while (!TryTake())
        {
            wait.SpinOnce(sleep1Threshold: -1);
        }
    }

    /// <summary>False when a thread runs the loop.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref _isRun, 1, 0) == 0;

    /// <summary>The running iteration has posted letters to a loop that sleeps.</summary>
    public void Later(EventLoop other)
    {
        if (!_others.Contains(other))
        {
            _others.Add(other);
        }
    }

    /// <summary>The end of an iteration.</summary>
    public void HelpOthers()
    {
        // Their letters may need others to be helped in turn, or the same again.
        for (int helps = 0; _others.Count > 0; helps++)
        {
            EventLoop other = _others[^1];
            _others.RemoveAt(_others.Count - 1);
            if (helps >= HelpsMax || !other.TryReadMailFor(loop))
            {
                other.WakeThread();
            }
        }
    }
}
