namespace Starling.CommitLog;

/// <summary>A write or a sync has failed, so nothing more can be promised about this log until it is opened again.</summary>
/// <param name="message">One line.</param>
/// <param name="cause">The first failure.</param>
public sealed class LogFailedException(string message, IOException cause) : IOException(message, cause);
