using System.Diagnostics;

namespace Starling.Crash.Ledger;

/// <summary>What all clients of a trial share: where they report, the cut that ends a load, and the progress that is waited for.</summary>
internal sealed class Scene(Findings findings, Tally tally)
{
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(20);
    private readonly Lock _gate = new();
    private readonly List<(long Time, string Name)> _cuts = [];
    private TaskCompletionSource _changed = NewSource();
    private TaskCompletionSource _cut = NewSource();
    private Action _onCut = () => { };
    private long _progress;
    private long _left;

    public Findings Findings => findings;

    public Tally Tally => tally;

    /// <summary>Whether no load runs: the last one was cut.</summary>
    public bool IsCut => Volatile.Read(ref _left) == 0;

    public static long Now => Stopwatch.GetTimestamp();

    /// <summary>After so many acknowledgements more, the load is cut, on the thread that took the last one.</summary>
    /// <returns>Done when it is cut.</returns>
    public Task Arm(long acknowledgements, Action onCut)
    {
        _cut = NewSource();
        _onCut = onCut;
        Volatile.Write(ref _left, Math.Max(1, acknowledgements));
        return _cut.Task;
    }

    /// <summary>Cuts at once; does nothing when the load is cut already.</summary>
    public void Cut()
    {
        if (Interlocked.Exchange(ref _left, 0) > 0)
        {
            CutNow();
        }
    }

    public void Acknowledged(Count count)
    {
        tally.Add(count);
        Progressed();
        if (Volatile.Read(ref _left) > 0 && Interlocked.Decrement(ref _left) == 0)
        {
            CutNow();
        }
    }

    /// <summary>Something has moved; whoever waits has more patience.</summary>
    public void Progressed() => Interlocked.Increment(ref _progress);

    /// <summary>Something has come about that may be waited for.</summary>
    public void Changed()
    {
        Progressed();
        TaskCompletionSource changed;
        lock (_gate)
        {
            (changed, _changed) = (_changed, NewSource());
        }

        changed.SetResult();
    }

    /// <summary>Lets the load take so many acknowledgements; ends early when it is cut.</summary>
    public async Task PassAsync(long acknowledgements)
    {
        long end = Volatile.Read(ref _left) - acknowledgements;
        await WaitAsync(() => Volatile.Read(ref _left) is long left && (left == 0 || left <= end), TimeSpan.FromSeconds(5)).ConfigureAwait(false);
    }

    /// <summary>Names a moment, so that reports can say how long before it something was.</summary>
    public void Mark(string name)
    {
        lock (_gate)
        {
            _cuts.Add((Now, name));
        }
    }

    /// <summary>When something was, in terms of the next cut.</summary>
    public string When(long time)
    {
        lock (_gate)
        {
            (long cut, string name) = _cuts.FirstOrDefault(cut => cut.Time >= time);
            return name is null ? "after the last cut" : FormattableString.Invariant($"{Stopwatch.GetElapsedTime(time, cut).TotalMilliseconds:0.000} ms before {name}");
        }
    }

    /// <summary>Waits until it is so; false when it is not, and nothing has moved for the time that <paramref name="patience"/> says.</summary>
    public async Task<bool> WaitAsync(Func<bool> condition, TimeSpan patience)
    {
        long seen = Volatile.Read(ref _progress);
        long since = Now;
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                changed = _changed.Task;
            }

            if (condition())
            {
                return true;
            }

            if (Volatile.Read(ref _progress) is long progress && progress != seen)
            {
                (seen, since) = (progress, Now);
            }
            else if (Stopwatch.GetElapsedTime(since) > patience)
            {
                return false;
            }

            await changed.WaitAsync(Slice).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void CutNow()
    {
        _onCut();
        Mark($"cut {_cuts.Count + 1}");
        _cut.TrySetResult();
    }
}
