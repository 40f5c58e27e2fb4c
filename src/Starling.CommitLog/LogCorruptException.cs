namespace Starling.CommitLog;

/// <summary>Bytes that were stable are not what was written: not the torn end that a power cut leaves, but damage.</summary>
/// <param name="file">The name in the directory of the store.</param>
/// <param name="offset">The offset of the damage, in bytes.</param>
/// <param name="message">One line, with file and offset.</param>
public sealed class LogCorruptException(string file, long offset, string message) : IOException(message)
{
    /// <summary>The name in the directory of the store.</summary>
    public string File { get; } = file;

    /// <summary>The offset of the damage, in bytes.</summary>
    public long Offset { get; } = offset;
}
