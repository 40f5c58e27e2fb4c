namespace Starling.CommitLog;

/// <summary>A segment file.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="Name">Its name in the directory.</param>
public sealed record ScannedSegment(ulong Id, string Name);
