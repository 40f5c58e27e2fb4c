using Starling.Storage.Commits;

namespace Starling.Storage;

/// <summary>The threads of one store. Each only drives a step machine; what goes wrong there ends the store, and not the process.</summary>
internal sealed class StoreThreads(Action<Exception> fail)
{
    private static readonly TimeSpan SleepMax = TimeSpan.FromSeconds(1);

    private readonly List<(Thread Thread, Wakeup Wakeup)> _threads = [];
    private volatile bool _isStopping;

    /// <summary>Starts a thread that takes steps until there is nothing to do, and sleeps until it is woken, or for a second.</summary>
    public void Start(string name, Func<bool> step, Wakeup wakeup)
    {
        Thread thread = new(() => Run(step, wakeup)) { Name = name, IsBackground = true };
        _threads.Add((thread, wakeup));
        thread.Start();
    }

    /// <summary>Ends the threads, each after its current step.</summary>
    public void Stop()
    {
        _isStopping = true;
        foreach ((Thread thread, Wakeup wakeup) in _threads)
        {
            wakeup.Set();
            thread.Join();
        }

        _threads.Clear();
    }

    private void Run(Func<bool> step, Wakeup wakeup)
    {
        try
        {
            while (!_isStopping)
            {
                if (!step())
                {
                    wakeup.Wait(SleepMax);
                }
            }
        }
        catch (Exception fault)
        {
            fail(fault);
        }
    }
}
