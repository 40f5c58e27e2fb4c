using Microsoft.Extensions.Logging;

namespace Starling.Transports.Loops;

/// <summary>The thread of one loop on sockets.</summary>
internal sealed class LoopThread(EventLoop loop, ISocketDriver driver, ILogger logger)
{
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public EventLoop Loop { get; } = loop;

    public ISocketDriver Driver { get; } = driver;

    /// <summary>Completes when the thread has ended, and faults when the loop has died.</summary>
    public Task Completion => _completion.Task;

    public void Start(string name) => new Thread(Run) { Name = name, IsBackground = true }.Start();

    /// <summary>Runs something on the loop's thread and waits for it; not at all when the loop has ended.</summary>
    public void RunAndWait(Action action)
    {
        if (Loop.IsCurrent)
        {
            action();
            return;
        }

        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Loop.Post(ControlMessage.Run(() =>
        {
            action();
            done.SetResult();
        }));
        Task.WaitAny(done.Task, Completion);
    }

    private void Run()
    {
        try
        {
            Loop.Enter();
            Loop.Start();
            while (!Loop.IsStopped)
            {
                Loop.RunIteration();
            }

            Driver.RemoveListeners();
            Loop.Leave();
            _completion.SetResult();
        }
        catch (Exception fault)
        {
            logger.LoopDied(fault, Loop.Index);
            Driver.RemoveListeners();
            Loop.CloseAll();
            Loop.Leave();
            _completion.SetException(fault);
        }
    }
}
