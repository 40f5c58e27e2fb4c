using Starling.CommitLog;
using Starling.Storage.Checkpoints;
using Starling.Storage.State;

namespace Starling.Storage.Opening;

/// <summary>A directory that was opened for writing and recovered.</summary>
internal sealed record OpenedStore
{
    public required ILogDirectory Directory { get; init; }

    public required ILogLock Lock { get; init; }

    public required Manifest Manifest { get; init; }

    public required SegmentedLog Log { get; init; }

    public required StoreState State { get; init; }

    public required StoreRecovery Recovery { get; init; }
}
