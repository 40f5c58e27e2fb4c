using Starling.CommitLog;

namespace Faults;

/// <summary>A directory to which other records are written than those that were appended.</summary>
/// <param name="real">The directory behind it.</param>
/// <param name="change">Changes the records.</param>
internal sealed class RewritingDirectory(ILogDirectory real, RecordChange change) : ILogDirectory
{
    /// <inheritdoc/>
    public string Path => real.Path;

    /// <inheritdoc/>
    public LogSpace Space => real.Space;

    /// <inheritdoc/>
    public ILogFile Open(string name, LogFileMode mode) => new RewritingFile(real.Open(name, mode), change);

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
}
