namespace Faults;

/// <summary>
/// The names of a directory as the system has them and as the disk has them. Each folder becomes stable alone, so that a power cut can
/// leave a renamed file with two names or none.
/// </summary>
internal sealed class MemoryNames
{
    private readonly Dictionary<string, List<Dictionary<string, MemoryFile?>>> _pending = [];
    private readonly HashSet<string> _folders = [""];
    private Dictionary<string, MemoryFile> _names = [];
    private readonly Dictionary<string, MemoryFile> _stable = [];

    public IEnumerable<MemoryFile> Files => _names.Values.Distinct();

    public static string FolderOf(string name) => name.LastIndexOf('/') is > 0 and var slash ? name[..slash] : "";

    public bool HasFolder(string folder) => _folders.Contains(folder);

    public void AddFolder(string folder) => _folders.Add(folder);

    public MemoryFile? Find(string name) => _names.GetValueOrDefault(name);

    public string[] List(string folder) =>
    [
        .. _names.Keys.Where(name => FolderOf(name) == folder)
            .Select(name => folder.Length == 0 ? name : name[(folder.Length + 1)..])
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Changes names at once, and on the disk together for those of one folder.</summary>
    public void Change(params (string Name, MemoryFile? File)[] changes)
    {
        foreach (IGrouping<string, (string Name, MemoryFile? File)> folder in changes.GroupBy(change => FolderOf(change.Name)))
        {
            if (!_pending.TryGetValue(folder.Key, out List<Dictionary<string, MemoryFile?>>? pending))
            {
                pending = _pending[folder.Key] = [];
            }

            pending.Add(folder.ToDictionary(change => change.Name, change => change.File));
        }

        foreach ((string name, MemoryFile? file) in changes)
        {
            Apply(_names, name, file);
        }

        CountLinks();
    }

    public void Sync(string folder) => Settle(folder, int.MaxValue);

    public void Crash(CrashKind kind, Random random)
    {
        if (kind == CrashKind.Process)
        {
            return;
        }

        foreach (string folder in _pending.Keys.Order(StringComparer.Ordinal).ToArray())
        {
            Settle(folder, kind == CrashKind.Forget ? 0 : random.Next(_pending[folder].Count + 1));
        }

        _pending.Clear();
        _names = new(_stable);
        CountLinks();
    }

    private void Settle(string folder, int count)
    {
        if (_pending.TryGetValue(folder, out List<Dictionary<string, MemoryFile?>>? pending))
        {
            foreach ((string name, MemoryFile? file) in pending.Take(count).SelectMany(change => change))
            {
                Apply(_stable, name, file);
            }

            pending.RemoveRange(0, Math.Min(count, pending.Count));
        }
    }

    private static void Apply(Dictionary<string, MemoryFile> names, string name, MemoryFile? file)
    {
        if (file is null)
        {
            names.Remove(name);
        }
        else
        {
            names[name] = file;
        }
    }

    private void CountLinks()
    {
        foreach (MemoryFile file in Files)
        {
            file.Links = 0;
        }

        foreach (MemoryFile file in _names.Values)
        {
            file.Links++;
        }
    }
}
