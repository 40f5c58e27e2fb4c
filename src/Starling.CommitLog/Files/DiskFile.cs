using Microsoft.Win32.SafeHandles;

namespace Starling.CommitLog.Files;

/// <summary>A file on a disk.</summary>
internal sealed class DiskFile(SafeFileHandle handle, string path) : ILogFile
{
    private const int ZeroBytes = 1 << 20;
    private const int NotNeeded = 4; // POSIX_FADV_DONTNEED

    public long Length
    {
        get
        {
            try
            {
                return RandomAccess.GetLength(handle);
            }
            catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
            {
                throw FileError.Convert(cause, "measure", path);
            }
        }
    }

    public int Read(Span<byte> destination, long offset)
    {
        try
        {
            int read = 0;
            while (read < destination.Length)
            {
                int count = RandomAccess.Read(handle, destination[read..], offset + read);
                if (count == 0)
                {
                    break;
                }

                read += count;
            }

            return read;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw FileError.Convert(cause, "read", path);
        }
    }

    public void Write(ReadOnlySpan<byte> source, long offset)
    {
        try
        {
            RandomAccess.Write(handle, source, offset);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw FileError.Convert(cause, "write", path);
        }
    }

    public void Sync()
    {
        // The base class library only knows fsync, which writes the times of the file too and costs twice as much.
        if (OperatingSystem.IsLinux())
        {
            while (LinuxNative.SyncData(handle) < 0)
            {
                int error = FileError.Last;
                if (error != FileError.Interrupted)
                {
                    throw FileError.Create(error, "sync", path);
                }
            }

            return;
        }

        try
        {
            RandomAccess.FlushToDisk(handle);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw FileError.Convert(cause, "sync", path);
        }
    }

    public void DropCache()
    {
        // Advice may be ignored, and is where there is no cache to drop.
        if (OperatingSystem.IsLinux() && Environment.Is64BitProcess)
        {
            _ = LinuxNative.Advise(handle, 0, 0, NotNeeded);
        }
    }

    public void Allocate(long length)
    {
        if (OperatingSystem.IsLinux() && Environment.Is64BitProcess)
        {
            int error = LinuxNative.Allocate(handle, 0, length);
            while (error == FileError.Interrupted)
            {
                error = LinuxNative.Allocate(handle, 0, length);
            }

            if (error != 0)
            {
                throw FileError.Create(error, "allocate", path);
            }

            return;
        }

        // Only written bytes are sure to have space everywhere.
        byte[] zeros = new byte[ZeroBytes];
        for (long offset = Length; offset < length; offset += ZeroBytes)
        {
            Write(zeros.AsSpan(0, (int)Math.Min(ZeroBytes, length - offset)), offset);
        }
    }

    public void Truncate(long length)
    {
        try
        {
            RandomAccess.SetLength(handle, length);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw FileError.Convert(cause, "truncate", path);
        }
    }

    public void Dispose() => handle.Dispose();
}
