namespace Starling.CommitLog.Segments;

/// <summary>A segment that can be written to.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="Name">Its name in the directory.</param>
/// <param name="File">Open for writing, allocated to the end, its name synced.</param>
/// <param name="LengthBytes">Where it ends.</param>
internal sealed record SegmentFile(ulong Id, string Name, ILogFile File, long LengthBytes);
