using Starling.CommitLog;

namespace Starling.Crash.Serving;

/// <summary>The real directory on a disk whose syncs take longer, for measuring.</summary>
internal sealed class SlowDirectory(ILogDirectory real, TimeSpan delay) : ILogDirectory
{
    public string Path => real.Path;

    public LogSpace Space => real.Space;

    public ILogFile Open(string name, LogFileMode mode) => new SlowFile(real.Open(name, mode), delay);

    public bool Exists(string name) => real.Exists(name);

    public IReadOnlyList<string> List(string folder) => real.List(folder);

    public void CreateFolder(string folder) => real.CreateFolder(folder);

    public void Rename(string from, string to) => real.Rename(from, to);

    public void Delete(string name) => real.Delete(name);

    public void SyncFolder(string folder) => real.SyncFolder(folder);

    public int CountLinks(string name) => real.CountLinks(name);

    public void LinkTo(string name, string absoluteTarget) => real.LinkTo(name, absoluteTarget);

    public ILogLock Lock() => real.Lock();
}
