using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Starling.CommitLog.Files;

/// <summary>The lock file of a directory. It stays when the lock ends: deleting it could take away the file that another has just locked.</summary>
internal sealed class DirectoryLock : ILogLock
{
    private const int ReadWriteCreate = 0x2 | 0x40 | 0x80000; // O_RDWR, O_CREAT, O_CLOEXEC
    private const int OwnerReadsAndWrites = 0x180; // 0600
    private const int ExclusiveAtOnce = 2 | 4; // LOCK_EX, LOCK_NB

    private readonly SafeFileHandle _file;

    private DirectoryLock(SafeFileHandle file) => _file = file;

    public static DirectoryLock Take(string path, string directory)
    {
        SafeFileHandle file = OperatingSystem.IsLinux() ? TakeByCall(path, directory) : TakeByShare(path, directory);
        try
        {
            // For people: the lock itself is the kernel's, and ends with the process.
            RandomAccess.SetLength(file, 0);
            RandomAccess.Write(file, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}\n")), 0);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            file.Dispose();
            throw FileError.Convert(cause, "write", path);
        }

        return new DirectoryLock(file);
    }

    public void Dispose() => _file.Dispose();

    private static SafeFileHandle TakeByCall(string path, string directory)
    {
        // The base class library takes shared locks when it opens, so it could not tell who holds an exclusive one.
        int opened = LinuxNative.Open(path, ReadWriteCreate, OwnerReadsAndWrites);
        if (opened < 0)
        {
            throw FileError.Create(FileError.Last, "open", path);
        }

        SafeFileHandle file = new(opened, ownsHandle: true);
        if (LinuxNative.Lock(file, ExclusiveAtOnce) == 0)
        {
            return file;
        }

        int error = FileError.Last;
        using (file)
        {
            throw error == FileError.WouldBlock
                ? new LogLockedException($"{directory} is in use by {ReadHolder(file)}")
                : FileError.Create(error, "lock", path);
        }
    }

    private static SafeFileHandle TakeByShare(string path, string directory)
    {
        try
        {
            return File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException cause)
        {
            throw new LogLockedException($"{directory} is in use by another process", cause);
        }
        catch (UnauthorizedAccessException cause)
        {
            throw FileError.Convert(cause, "open", path);
        }
    }

    private static string ReadHolder(SafeFileHandle file)
    {
        Span<byte> text = stackalloc byte[16];
        int read = RandomAccess.Read(file, text, 0);
        return int.TryParse(text[..read].TrimEnd((byte)'\n'), NumberStyles.None, CultureInfo.InvariantCulture, out int process)
            ? string.Create(CultureInfo.InvariantCulture, $"process {process}")
            : "another process";
    }
}
