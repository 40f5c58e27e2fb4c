using Faults;
using Starling.CommitLog;

namespace Starling.Crash.Serving;

/// <summary>The real directory on a disk whose syncs take longer, for measuring.</summary>
internal sealed class SlowDirectory(ILogDirectory real, TimeSpan delay) : DelegatingDirectory(real)
{
    /// <inheritdoc/>
    protected override ILogFile Wrap(ILogFile file) => new SlowFile(file, delay);
}
