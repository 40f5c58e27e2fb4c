namespace Starling.CommitLog;

/// <summary>The files were written by a newer version, whose format this one does not know.</summary>
public sealed class LogFormatException(string message) : IOException(message);
