namespace Starling.Storage.Commits;

/// <summary>Wakes one thread, which may be on its way to sleep.</summary>
internal sealed class Wakeup : IDisposable
{
    private readonly AutoResetEvent _event = new(initialState: false);

    public void Set() => _event.Set();

    public void Wait(TimeSpan timeout) => _event.WaitOne(timeout);

    public void Dispose() => _event.Dispose();
}
