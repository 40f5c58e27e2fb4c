using Starling.CommitLog;

namespace Faults;

/// <summary>
/// A directory in memory whose calls fail and whose power is cut when a test says so. It outlives the crashes: each is followed by a new
/// process, so to speak, on what is left, and what the one before had open is dead.
/// </summary>
internal sealed class MemoryLogDirectory : ILogDirectory
{
    private readonly Lock _lock = new();
    private readonly MemoryNames _names = new();
    private readonly Dictionary<string, MemoryFile> _outside = [];
    private object? _held;

    /// <inheritdoc/>
    public string Path => "/memory";

    /// <summary>Decides which calls fail. Runs under the lock of the directory.</summary>
    public Func<LogCall, FaultKind?>? Fault { get; set; }

    /// <summary>The size of the disk; no limit by default.</summary>
    public long CapacityBytes { get; set; } = long.MaxValue / 4;

    /// <summary>Whether a call was the last of its process; <see cref="Crash"/> must follow.</summary>
    public bool IsDead { get; private set; }

    /// <summary>The calls until now.</summary>
    public int Calls { get; private set; }

    /// <summary>The bytes that were handed to writes that succeeded.</summary>
    public long WrittenBytes { get; private set; }

    /// <summary>Counts the crashes, so that files know whether they are of a dead process.</summary>
    internal int Life { get; private set; }

    /// <inheritdoc/>
    public LogSpace Space
    {
        get
        {
            lock (_lock)
            {
                return new LogSpace(Math.Max(0, CapacityBytes - UsedBytes()), CapacityBytes);
            }
        }
    }

    /// <summary>Ends the process, and for all kinds but one the power too.</summary>
    public void Crash(CrashKind kind, int seed)
    {
        lock (_lock)
        {
            Random random = new(seed);
            _names.Crash(kind, random);
            foreach (MemoryFile file in _names.Files.Concat(_outside.Values).Distinct())
            {
                file.Crash(kind, random);
            }

            _held = null;
            IsDead = false;
            Life++;
        }
    }

    /// <inheritdoc/>
    public ILogFile Open(string name, LogFileMode mode)
    {
        lock (_lock)
        {
            ThrowIfFaulty(mode == LogFileMode.CreateNew ? LogOperation.Create : LogOperation.Open, name);
            MemoryFile? file = _names.Find(name);
            if ((file is null) != (mode == LogFileMode.CreateNew))
            {
                throw new FileNotFoundException($"{name} {(file is null ? "is not there" : "is there already")}");
            }

            if (file is null)
            {
                RequireFolder(MemoryNames.FolderOf(name));
                file = new MemoryFile();
                _names.Change((name, file));
            }

            return new MemoryLogFile(this, file, name, mode != LogFileMode.Read);
        }
    }

    /// <inheritdoc/>
    public bool Exists(string name)
    {
        lock (_lock)
        {
            return _names.Find(name) is not null;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> List(string folder)
    {
        lock (_lock)
        {
            ThrowIfFaulty(LogOperation.List, folder);
            return _names.List(folder);
        }
    }

    /// <inheritdoc/>
    public void CreateFolder(string folder)
    {
        lock (_lock)
        {
            ThrowIfFaulty(LogOperation.CreateFolder, folder);
            _names.AddFolder(folder);
        }
    }

    /// <inheritdoc/>
    public void Rename(string from, string to)
    {
        lock (_lock)
        {
            ThrowIfFaulty(LogOperation.Rename, from);
            RequireFolder(MemoryNames.FolderOf(to));
            _names.Change((from, null), (to, Require(from)));
        }
    }

    /// <inheritdoc/>
    public void Delete(string name)
    {
        lock (_lock)
        {
            ThrowIfFaulty(LogOperation.Delete, name);
            if (_names.Find(name) is not null)
            {
                _names.Change((name, null));
            }
        }
    }

    /// <inheritdoc/>
    public void SyncFolder(string folder)
    {
        lock (_lock)
        {
            ThrowIfFaulty(LogOperation.SyncFolder, folder);
            RequireFolder(folder);
            _names.Sync(folder);
        }
    }

    /// <inheritdoc/>
    public int CountLinks(string name)
    {
        lock (_lock)
        {
            ThrowIfFaulty(LogOperation.CountLinks, name);
            MemoryFile file = Require(name);
            return file.Links + _outside.Values.Count(other => other == file);
        }
    }

    /// <inheritdoc/>
    public void LinkTo(string name, string absoluteTarget)
    {
        lock (_lock)
        {
            ThrowIfFaulty(LogOperation.Link, name);
            if (!_outside.TryAdd(absoluteTarget, Require(name)))
            {
                throw new IOException($"{absoluteTarget} is there already");
            }
        }
    }

    /// <summary>Removes a link that was made outside of the directory.</summary>
    public void DeleteLink(string absoluteTarget)
    {
        lock (_lock)
        {
            _outside.Remove(absoluteTarget);
        }
    }

    /// <inheritdoc/>
    public ILogLock Lock()
    {
        lock (_lock)
        {
            if (_held is not null)
            {
                throw new LogLockedException($"{Path} is in use");
            }

            MemoryLogLock held = new(this);
            _held = held;
            return held;
        }
    }

    internal void Unlock(MemoryLogLock held)
    {
        lock (_lock)
        {
            _held = _held == held ? null : _held;
        }
    }

    /// <summary>Counts a call of a file, and lets it fail when the test wants that.</summary>
    internal FaultKind? Enter(LogOperation operation, string name, int life)
    {
        lock (_lock)
        {
            if (life != Life || IsDead)
            {
                throw new IOException($"{name} was used by a process that is dead");
            }

            FaultKind? fault = Fault?.Invoke(new LogCall(++Calls, operation, name));
            IsDead = fault == FaultKind.Death;
            return fault;
        }
    }

    internal void CountWritten(int bytes)
    {
        lock (_lock)
        {
            WrittenBytes += bytes;
        }
    }

    internal void RequireSpace(MemoryFile file, long length, string name)
    {
        lock (_lock)
        {
            if (length > file.Length && UsedBytes() + length - file.Length > CapacityBytes)
            {
                throw new LogFullException($"no space for {name}");
            }
        }
    }

    internal static IOException CreateFault(FaultKind kind, string name) => kind is FaultKind.Full or FaultKind.PartialFull
        ? new LogFullException($"injected: no space for {name}")
        : new IOException($"injected: error of {name}");

    private void ThrowIfFaulty(LogOperation operation, string name)
    {
        if (Enter(operation, name, Life) is { } kind)
        {
            throw CreateFault(kind, name);
        }
    }

    private MemoryFile Require(string name) => _names.Find(name) ?? throw new FileNotFoundException($"{name} is not there");

    private void RequireFolder(string folder)
    {
        if (!_names.HasFolder(folder))
        {
            throw new DirectoryNotFoundException($"{folder} is not there");
        }
    }

    private long UsedBytes() => _names.Files.Concat(_outside.Values).Distinct().Sum(file => (long)file.Length);
}
