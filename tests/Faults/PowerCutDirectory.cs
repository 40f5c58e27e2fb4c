using System.Globalization;
using Starling.CommitLog;

namespace Faults;

/// <summary>
/// A directory on a disk whose process loses with <c>kill -9</c> what the machine would lose with its power: written bytes stay in this
/// process until their file is synced, and new, changed and removed names until their folder is. Names become real in the order of their
/// changes, as on a file system with a journal. Reserving and cutting space is real at once.
/// </summary>
/// <param name="real">The directory on the disk.</param>
internal sealed class PowerCutDirectory(ILogDirectory real) : ILogDirectory
{
    // Files whose first name is not synced are here; those of a process that was killed are removed.
    private const string UnnamedFolder = "power-cut";

    private readonly Lock _lock = new();
    private readonly object _never = new();
    private readonly Dictionary<string, Dictionary<string, PowerCutEntry>> _folders = [];
    private readonly List<(string From, string To, PowerCutEntry Entry)> _journal = [];
    private int _created;

    /// <inheritdoc/>
    public string Path => real.Path;

    /// <inheritdoc/>
    public LogSpace Space => real.Space;

    /// <summary>Whether syncs do nothing, as in a build that forgets them.</summary>
    public bool IgnoreSync { get; set; }

    /// <summary>What each sync of a file takes longer.</summary>
    public TimeSpan SyncDelay { get; set; }

    /// <inheritdoc/>
    public ILogFile Open(string name, LogFileMode mode)
    {
        lock (_lock)
        {
            PowerCutEntry? entry = Find(name);
            if ((entry is null) != (mode == LogFileMode.CreateNew))
            {
                throw new FileNotFoundException($"{name} {(entry is null ? "is not there" : "is there already")}");
            }

            entry ??= Create(name);
            entry.File ??= new PowerCutFile(real.Open(entry.Place, LogFileMode.ReadWrite));
            entry.Openings++;
            return new PowerCutHandle(this, entry, entry.File);
        }
    }

    /// <inheritdoc/>
    public bool Exists(string name)
    {
        lock (_lock)
        {
            return Find(name) is not null;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> List(string folder)
    {
        lock (_lock)
        {
            int prefix = folder.Length == 0 ? 0 : folder.Length + 1;
            return [.. Names(folder).Keys.Select(name => name[prefix..]).Order(StringComparer.Ordinal)];
        }
    }

    /// <inheritdoc/>
    public void CreateFolder(string folder) => real.CreateFolder(folder);

    /// <inheritdoc/>
    public void Rename(string from, string to)
    {
        lock (_lock)
        {
            PowerCutEntry entry = Require(from);
            Names(MemoryNames.FolderOf(from)).Remove(from);
            Names(MemoryNames.FolderOf(to))[to] = entry;
            _journal.Add((from, to, entry));
        }
    }

    /// <inheritdoc/>
    public void Delete(string name)
    {
        lock (_lock)
        {
            if (Find(name) is { } entry)
            {
                Names(MemoryNames.FolderOf(name)).Remove(name);
                _journal.Add((name, "", entry));
            }
        }
    }

    /// <inheritdoc/>
    public void SyncFolder(string folder)
    {
        if (IgnoreSync)
        {
            return;
        }

        lock (_lock)
        {
            HashSet<string> touched = [folder];
            int count = _journal.FindLastIndex(change => IsIn(change.From, folder) || IsIn(change.To, folder)) + 1;
            foreach ((string from, string to, PowerCutEntry entry) in _journal.Take(count))
            {
                touched.Add(MemoryNames.FolderOf(from));
                touched.Add(MemoryNames.FolderOf(to));
                Perform(to, entry);
            }

            _journal.RemoveRange(0, count);
            foreach (string changed in touched)
            {
                real.SyncFolder(changed);
            }
        }
    }

    /// <inheritdoc/>
    public int CountLinks(string name)
    {
        lock (_lock)
        {
            return real.CountLinks(Require(name).Place);
        }
    }

    /// <inheritdoc/>
    public void LinkTo(string name, string absoluteTarget)
    {
        lock (_lock)
        {
            real.LinkTo(Require(name).Place, absoluteTarget);
        }
    }

    /// <inheritdoc/>
    public ILogLock Lock() => real.Lock();

    internal void Sync(PowerCutFile file)
    {
        if (SyncDelay > TimeSpan.Zero)
        {
            lock (_never)
            {
                Monitor.Wait(_never, SyncDelay);
            }
        }

        if (!IgnoreSync)
        {
            file.Sync();
        }
    }

    internal void Close(PowerCutEntry entry)
    {
        lock (_lock)
        {
            entry.Openings--;
            entry.CloseIfUnused(isRemoved: false);
        }
    }

    private void Perform(string to, PowerCutEntry entry)
    {
        if (to.Length == 0)
        {
            real.Delete(entry.Place);
            entry.CloseIfUnused(isRemoved: true);
        }
        else
        {
            real.Rename(entry.Place, to);
            entry.Place = to;
        }
    }

    private PowerCutEntry Create(string name)
    {
        if (_created == 0)
        {
            real.CreateFolder(UnnamedFolder);
            foreach (string left in real.List(UnnamedFolder))
            {
                real.Delete($"{UnnamedFolder}/{left}");
            }
        }

        PowerCutEntry entry = new(string.Create(CultureInfo.InvariantCulture, $"{UnnamedFolder}/{++_created}"));
        entry.File = new PowerCutFile(real.Open(entry.Place, LogFileMode.CreateNew));
        Names(MemoryNames.FolderOf(name))[name] = entry;
        _journal.Add((entry.Place, name, entry));
        return entry;
    }

    private Dictionary<string, PowerCutEntry> Names(string folder)
    {
        if (!_folders.TryGetValue(folder, out Dictionary<string, PowerCutEntry>? names))
        {
            string prefix = folder.Length == 0 ? "" : $"{folder}/";
            names = _folders[folder] = real.List(folder).ToDictionary(name => prefix + name, name => new PowerCutEntry(prefix + name));
        }

        return names;
    }

    private PowerCutEntry? Find(string name) => Names(MemoryNames.FolderOf(name)).GetValueOrDefault(name);

    private PowerCutEntry Require(string name) => Find(name) ?? throw new FileNotFoundException($"{name} is not there");

    private static bool IsIn(string name, string folder) => name.Length > 0 && MemoryNames.FolderOf(name) == folder;
}
