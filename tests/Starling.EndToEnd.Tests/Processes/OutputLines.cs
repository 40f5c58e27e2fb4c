namespace Starling.EndToEnd.Tests.Processes;

/// <summary>The lines that a process has printed so far, and a way to wait for one of them. Safe to use from any thread.</summary>
internal sealed class OutputLines
{
    private readonly Lock _gate = new();
    private readonly List<string> _lines = [];
    private TaskCompletionSource _changed = NewSignal();
    private bool _ended;

    public IReadOnlyList<string> Snapshot()
    {
        lock (_gate)
        {
            return [.. _lines];
        }
    }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _lines.Count;
            }
        }
    }

    public void Add(string line) => Change(() => _lines.Add(line));

    /// <summary>No more lines will come: whoever still waits, fails.</summary>
    public void End() => Change(() => _ended = true);

    /// <summary>The first line from <paramref name="start"/> on that fits.</summary>
    public async Task<string> WaitForAsync(Func<string, bool> fits, string what, int start = 0, TimeSpan? limit = null)
    {
        using CancellationTokenSource patience = Patience.Start(limit);
        int next = start;
        while (true)
        {
            Task changed;
            bool ended;
            lock (_gate)
            {
                for (; next < _lines.Count; next++)
                {
                    if (fits(_lines[next]))
                    {
                        return _lines[next];
                    }
                }

                changed = _changed.Task;
                ended = _ended;
            }

            if (ended)
            {
                throw new InvalidOperationException($"The output ended without {what}:{Environment.NewLine}{this}");
            }

            try
            {
                await changed.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"No line in time: {what}. The output:{Environment.NewLine}{this}");
            }
        }
    }

    public override string ToString()
    {
        const int Shown = 200;
        IReadOnlyList<string> lines = Snapshot();
        return string.Join(Environment.NewLine, lines.Skip(Math.Max(0, lines.Count - Shown)));
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Change(Action change)
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            change();
            changed = _changed;
            _changed = NewSignal();
        }

        changed.SetResult();
    }
}
