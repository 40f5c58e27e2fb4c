using Starling.CommitLog;

namespace Faults;

/// <summary>A directory that passes everything on, but for how it opens files.</summary>
/// <param name="real">The directory behind it.</param>
internal abstract class DelegatingDirectory(ILogDirectory real) : ILogDirectory
{
    /// <inheritdoc/>
    public string Path => real.Path;

    /// <inheritdoc/>
    public LogSpace Space => real.Space;

    /// <inheritdoc/>
    public ILogFile Open(string name, LogFileMode mode) => Wrap(real.Open(name, mode));

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

    /// <summary>What stands for a file of the real directory.</summary>
    protected abstract ILogFile Wrap(ILogFile file);
}
