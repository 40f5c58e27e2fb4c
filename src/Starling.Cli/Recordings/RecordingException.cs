namespace Starling.Cli.Recordings;

/// <summary>A file is no recording, or a damaged one; the message says where.</summary>
internal sealed class RecordingException(string message) : Exception(message);
