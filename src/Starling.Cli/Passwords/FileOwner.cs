using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Starling.Cli.Passwords;

/// <summary>Gives a new file what the one had that it replaces.</summary>
internal static partial class FileOwner
{
    private const int CurrentFolder = -100;
    private const int NoFlags = 0;
    private const uint BasicStats = 0x7FF;
    private const int StatxBytes = 256;
    private const int UserOffset = 20;
    private const int GroupOffset = 24;

    /// <summary>Copies mode, owner and group.</summary>
    /// <exception cref="IOException">The system does not let this user do so.</exception>
    public static void Copy(string from, string to)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        if (OperatingSystem.IsLinux())
        {
            CopyOwner(from, to);
        }

        // After the owner: a change of owner takes some bits away.
        File.SetUnixFileMode(to, File.GetUnixFileMode(from));
    }

    [SupportedOSPlatform("linux")]
    private static void CopyOwner(string from, string to)
    {
        (uint user, uint group) wanted = Read(from);
        if (Read(to) != wanted && Chown(to, wanted.user, wanted.group) != 0)
        {
            throw new IOException($"{from} belongs to another user, and the new file cannot be given to that one: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    private static (uint User, uint Group) Read(string path)
    {
        byte[] stat = new byte[StatxBytes];
        return Statx(CurrentFolder, path, NoFlags, BasicStats, stat) == 0
            ? (BitConverter.ToUInt32(stat, UserOffset), BitConverter.ToUInt32(stat, GroupOffset))
            : throw new IOException($"The owner of {path} cannot be read: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Statx(int folder, string path, int flags, uint mask, [Out] byte[] result);

    [LibraryImport("libc", EntryPoint = "chown", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Chown(string path, uint user, uint group);
}
