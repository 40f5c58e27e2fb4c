using Starling.CommitLog;

namespace Faults;

/// <summary>A directory as a build sees it that forgets to sync its files.</summary>
/// <param name="real">The directory behind it.</param>
internal sealed class UnsyncedDirectory(ILogDirectory real) : DelegatingDirectory(real)
{
    /// <inheritdoc/>
    protected override ILogFile Wrap(ILogFile file) => new UnsyncedFile(file);

    private sealed class UnsyncedFile(ILogFile file) : DelegatingFile(file)
    {
        public override void Sync()
        {
            // The mistake.
        }
    }
}
