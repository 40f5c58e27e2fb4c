namespace Starling.CommitLog;

/// <summary>The directory belongs to another process, or to another store of this one.</summary>
public sealed class LogLockedException(string message, Exception? cause = null) : IOException(message, cause);
