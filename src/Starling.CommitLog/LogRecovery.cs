namespace Starling.CommitLog;

/// <summary>What recovery found.</summary>
/// <param name="LastLsn">The LSN of the last frame, or the one that was asked for when there is none after it.</param>
/// <param name="Frames">The frames replayed.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="NewestUtcMilliseconds">The highest time of a frame that was read, or 0.</param>
/// <param name="TornSegment">The file at whose end an unfinished commit was removed, or null.</param>
/// <param name="TornOffset">Where it began.</param>
public sealed record LogRecovery(
    ulong LastLsn, long Frames, long Bytes, long NewestUtcMilliseconds, string? TornSegment, long TornOffset);
