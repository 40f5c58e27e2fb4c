using System.Buffers.Binary;

namespace Starling.CommitLog.Files;

/// <summary>Second names of a file.</summary>
internal static class HardLinks
{
    private const int CurrentFolder = -100; // AT_FDCWD
    private const uint LinksWanted = 4; // STATX_NLINK
    private const int StatusBytes = 256;
    private const int LinksOffset = 16;

    public static unsafe int Count(string path)
    {
        Span<byte> status = stackalloc byte[StatusBytes];
        fixed (byte* target = status)
        {
            if (LinuxNative.Status(CurrentFolder, path, 0, LinksWanted, target) < 0)
            {
                throw FileError.Create(FileError.Last, "read the links of", path);
            }
        }

        // The layout of statx is the same on every architecture; numbers are in the order of the machine, which .NET has little-endian.
        return BinaryPrimitives.ReadInt32LittleEndian(status[LinksOffset..]);
    }

    /// <returns>False when the two places cannot share a file, so that it must be copied.</returns>
    public static bool TryAdd(string existing, string added)
    {
        if (LinuxNative.Link(existing, added) == 0)
        {
            return true;
        }

        int error = FileError.Last;
        return error is FileError.OtherDevice or FileError.NotPermitted or FileError.TooManyLinks or FileError.NotSupported
            ? false
            : throw FileError.Create(error, "link", existing);
    }
}
