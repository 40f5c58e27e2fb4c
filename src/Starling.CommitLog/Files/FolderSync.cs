using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;

namespace Starling.CommitLog.Files;

/// <summary>
/// Makes the names in folders survive a power cut. Each is opened once and kept: a sync that fails because the process has no free handle
/// would look like a lost one. The base class library cannot open folders.
/// </summary>
internal sealed class FolderSync
{
    private const int ReadOnlyCloseOnExecute = 0x80000;

    private readonly ConcurrentDictionary<string, SafeFileHandle> _open = new(StringComparer.Ordinal);

    public void Run(string path)
    {
        SafeFileHandle folder = _open.GetOrAdd(path, Open);
        while (LinuxNative.Sync(folder) < 0)
        {
            int error = FileError.Last;
            if (error != FileError.Interrupted)
            {
                throw FileError.Create(error, "sync", path);
            }
        }
    }

    /// <summary>The folder of this name may be another one from now on.</summary>
    public void Forget(string path)
    {
        if (_open.TryRemove(path, out SafeFileHandle? folder))
        {
            folder.Dispose();
        }
    }

    /// <summary>Closes the folders. The next sync opens its own again.</summary>
    public void Close()
    {
        foreach (string path in _open.Keys)
        {
            Forget(path);
        }
    }

    private static SafeFileHandle Open(string path)
    {
        int folder = LinuxNative.Open(path, ReadOnlyCloseOnExecute, 0);
        return folder < 0 ? throw FileError.Create(FileError.Last, "open", path) : new SafeFileHandle(folder, ownsHandle: true);
    }
}
