using Starling.CommitLog;

namespace Faults;

/// <summary>A directory to which other records are written than those that were appended.</summary>
/// <param name="real">The directory behind it.</param>
/// <param name="change">Changes the records.</param>
internal sealed class RewritingDirectory(ILogDirectory real, RecordChange change) : DelegatingDirectory(real)
{
    /// <inheritdoc/>
    protected override ILogFile Wrap(ILogFile file) => new RewritingFile(file, change);
}
