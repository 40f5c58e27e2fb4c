using Starling.CommitLog;
using Starling.Storage.Checkpoints;

namespace Starling.Storage.Upkeep;

/// <summary>The files that make a backup of one moment; they stay as they are until it is released.</summary>
/// <param name="Manifest">The manifest at that moment.</param>
/// <param name="Segments">The segments of the log.</param>
/// <param name="Cold">The names of the files of compaction.</param>
internal sealed record BackupPlan(Manifest Manifest, IReadOnlyList<LogSegment> Segments, IReadOnlyList<string> Cold);
