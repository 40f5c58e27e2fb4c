using Microsoft.Extensions.Logging;
using Starling.CommitLog;
using Starling.Storage.Commits;

namespace Starling.Storage.Upkeep;

/// <summary>What the workers of one store share.</summary>
internal sealed record StoreParts
{
    public required LogStoreOptions Options { get; init; }

    public required SegmentedLog Log { get; init; }

    public required Committer Committer { get; init; }

    public required Wakeup CommitterWakeup { get; init; }

    public required Appends Appends { get; init; }

    public required SegmentFiles Files { get; init; }

    public required StoreManifest Manifest { get; init; }

    /// <summary>What opening has found.</summary>
    public required StoreRecovery Recovery { get; init; }

    public required ILogger Logger { get; init; }

    public ILogDirectory Directory => Options.Directory;

    public TimeProvider Time => Options.TimeProvider;

    public void Ask(CommitterWork work) => Committer.Ask(work, CommitterWakeup);
}
