using Starling.CommitLog;

namespace Faults;

/// <summary>A directory as a build sees it that forgets to sync its files.</summary>
/// <param name="real">The directory behind it.</param>
internal sealed class UnsyncedDirectory(ILogDirectory real) : ILogDirectory
{
    /// <inheritdoc/>
    public string Path => real.Path;

    /// <inheritdoc/>
    public LogSpace Space => real.Space;

    /// <inheritdoc/>
    public ILogFile Open(string name, LogFileMode mode) => new UnsyncedFile(real.Open(name, mode));

    /// <inheritdoc/>
    public bool Exists(string name) => real.Exists(name);

    /// <inheritdoc/>
    public IReadOnlyList<string> List(string folder) => real.List(folder);

    /// <inheritdoc/>
    public void CreateFolder(string folder) => real.CreateFolder(folder);

    /// <inheritdoc/>
    public void Rename(string from, string to) => real.Rename(from, to);

    /// <inheritdoc/>
    public void Delete(string name) => real.Delete(name);

    /// <inheritdoc/>
    public void SyncFolder(string folder) => real.SyncFolder(folder);

    /// <inheritdoc/>
    public int CountLinks(string name) => real.CountLinks(name);

    /// <inheritdoc/>
    public void LinkTo(string name, string absoluteTarget) => real.LinkTo(name, absoluteTarget);

    /// <inheritdoc/>
    public ILogLock Lock() => real.Lock();

    private sealed class UnsyncedFile(ILogFile file) : ILogFile
    {
        public long Length => file.Length;

        public int Read(Span<byte> destination, long offset) => file.Read(destination, offset);

        public void Write(ReadOnlySpan<byte> source, long offset) => file.Write(source, offset);

        public void Sync()
        {
            // The mistake.
        }

        public void DropCache() => file.DropCache();

        public void Allocate(long length) => file.Allocate(length);

        public void Truncate(long length) => file.Truncate(length);

        public void Dispose() => file.Dispose();
    }
}
