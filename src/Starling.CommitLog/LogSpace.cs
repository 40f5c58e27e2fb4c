namespace Starling.CommitLog;

/// <summary>The size of a disk.</summary>
/// <param name="FreeBytes">What this process may still take.</param>
/// <param name="TotalBytes">All of it.</param>
public readonly record struct LogSpace(long FreeBytes, long TotalBytes);
