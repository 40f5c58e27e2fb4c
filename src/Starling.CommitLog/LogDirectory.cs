using Microsoft.Win32.SafeHandles;
using Starling.CommitLog.Files;

namespace Starling.CommitLog;

/// <summary>A directory on a disk.</summary>
/// <param name="path">The directory; it need not be there before <see cref="CreateFolder"/>.</param>
public sealed class LogDirectory(string path) : ILogDirectory
{
    private const string LockName = "LOCK";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly FolderSync _folders = new();

    /// <inheritdoc/>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <inheritdoc/>
    public LogSpace Space => Guard("measure the disk of", "", static full =>
    {
        DriveInfo drive = new(full);
        return new LogSpace(drive.AvailableFreeSpace, drive.TotalSize);
    });

    /// <inheritdoc/>
    public ILogFile Open(string name, LogFileMode mode)
    {
        string full = FullName(name);
        try
        {
            SafeFileHandle handle = File.OpenHandle(
                full,
                mode == LogFileMode.CreateNew ? FileMode.CreateNew : FileMode.Open,
                mode == LogFileMode.Read ? FileAccess.Read : FileAccess.ReadWrite,
                FileShare.ReadWrite | FileShare.Delete);
            if (mode == LogFileMode.CreateNew && !OperatingSystem.IsWindows())
            {
                // Messages are in it: nobody but the owner reads them.
                File.SetUnixFileMode(handle, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            return new DiskFile(handle, full);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw FileError.Convert(cause, "open", full);
        }
    }

    /// <inheritdoc/>
    public bool Exists(string name) => File.Exists(FullName(name));

    /// <inheritdoc/>
    public IReadOnlyList<string> List(string folder) => Guard("list", folder, static string[] (string full) =>
    {
        if (!Directory.Exists(full))
        {
            return [];
        }

        return [.. Directory.EnumerateFiles(full).Select(file => System.IO.Path.GetFileName(file)).Order(StringComparer.Ordinal)];
    });

    /// <inheritdoc/>
    public void CreateFolder(string folder)
    {
        _folders.Forget(FullName(folder));
        Guard("create", folder, static full =>
            OperatingSystem.IsWindows() ? Directory.CreateDirectory(full) : Directory.CreateDirectory(full, OwnerOnly));
    }

    /// <inheritdoc/>
    public void Rename(string from, string to) => Guard("rename", from, full =>
    {
        File.Move(full, FullName(to), overwrite: true);
        return true;
    });

    /// <inheritdoc/>
    public void Delete(string name) => Guard("delete", name, static full =>
    {
        File.Delete(full);
        return true;
    });

    /// <inheritdoc/>
    public void SyncFolder(string folder)
    {
        if (OperatingSystem.IsLinux())
        {
            _folders.Run(FullName(folder));
        }
    }

    /// <inheritdoc/>
    public int CountLinks(string name) => OperatingSystem.IsLinux() ? HardLinks.Count(FullName(name)) : 1;

    /// <inheritdoc/>
    public void LinkTo(string name, string absoluteTarget)
    {
        if (!OperatingSystem.IsLinux() || !HardLinks.TryAdd(FullName(name), absoluteTarget))
        {
            Guard("copy", name, full =>
            {
                File.Copy(full, absoluteTarget);
                using SafeFileHandle copy = File.OpenHandle(absoluteTarget, FileMode.Open, FileAccess.ReadWrite);
                RandomAccess.FlushToDisk(copy);
                return true;
            });
        }
    }

    /// <inheritdoc/>
    public ILogLock Lock() => new HeldDirectory(DirectoryLock.Take(FullName(LockName), Path), _folders);

    private string FullName(string name) => name.Length == 0 ? Path : System.IO.Path.Join(Path, name);

    private T Guard<T>(string verb, string name, Func<string, T> call)
    {
        string full = FullName(name);
        try
        {
            return call(full);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw FileError.Convert(cause, verb, full);
        }
    }
}
