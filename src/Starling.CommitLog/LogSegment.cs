namespace Starling.CommitLog;

/// <summary>One segment of a log.</summary>
/// <param name="Id">Never given to another segment.</param>
/// <param name="Name">The name of its file in the directory.</param>
/// <param name="NewestLsn">The LSN of its last frame; of a segment that recovery did not need to read, an upper bound below the next segment's first.</param>
/// <param name="Bytes">Where its committed frames end; of a segment that recovery did not need to read, the size of the file.</param>
/// <param name="IsSealed">Whether no more frames are written to it.</param>
public sealed record LogSegment(ulong Id, string Name, ulong NewestLsn, long Bytes, bool IsSealed);
