namespace Starling.CommitLog;

/// <summary>
/// There is no room: the disk, the quota, or the table of open files is full. Nothing is broken, and the same call may succeed later.
/// </summary>
public sealed class LogFullException(string message, Exception? cause = null) : IOException(message, cause);
