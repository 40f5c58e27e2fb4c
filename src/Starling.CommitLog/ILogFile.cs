namespace Starling.CommitLog;

/// <summary>
/// One file of a store. One thread at a time writes; <see cref="Read"/> may run on any thread at any time. Every member throws
/// <see cref="IOException"/> for what the environment does wrong, and <see cref="LogFullException"/> when there is no room.
/// </summary>
public interface ILogFile : IDisposable
{
    /// <summary>Bytes from the first to the end, whether written or only allocated.</summary>
    long Length { get; }

    /// <summary>Reads at an offset, and less than was asked for only at the end of the file.</summary>
    /// <returns>The bytes read.</returns>
    int Read(Span<byte> destination, long offset);

    /// <summary>Writes all of the bytes. When it throws, any part of them may have been written.</summary>
    void Write(ReadOnlySpan<byte> source, long offset);

    /// <summary>
    /// Returns when what was written, and the length, survive a power cut. After it has thrown, nothing is known about what was written
    /// since the last call that returned, and calling it again proves nothing.
    /// </summary>
    void Sync();

    /// <summary>
    /// After <see cref="Sync"/>: forgets what memory holds of the file, so that reads show what the disk has. The two differ where an
    /// earlier sync, of another process perhaps, has failed: the system then takes what it could not write for written.
    /// </summary>
    void DropCache();

    /// <summary>Makes the file at least so long and reserves the space on the disk; what is new reads as zeros.</summary>
    void Allocate(long length);

    /// <summary>Cuts the file, or makes it longer without reserving space.</summary>
    void Truncate(long length);
}
