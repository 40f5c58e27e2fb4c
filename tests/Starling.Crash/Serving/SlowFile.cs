using Faults;
using Starling.CommitLog;

namespace Starling.Crash.Serving;

/// <summary>A file of <see cref="SlowDirectory"/>.</summary>
internal sealed class SlowFile(ILogFile real, TimeSpan delay) : DelegatingFile(real)
{
    private readonly object _never = new();

    /// <inheritdoc/>
    public override void Sync()
    {
        base.Sync();
        lock (_never)
        {
            Monitor.Wait(_never, delay);
        }
    }
}
