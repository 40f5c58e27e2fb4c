namespace Starling.Cli.Commands;

/// <summary>Writes a file as a whole: whoever reads it finds the old one or the new one, never a part.</summary>
internal static class ReportFile
{
    /// <summary>Why the file cannot be written; null when it can. Leaves nothing behind.</summary>
    public static string? FindObstacle(string path)
    {
        try
        {
            path = TargetOf(path);
            if (Directory.Exists(path))
            {
                return "it is a directory.";
            }

            if (Path.GetDirectoryName(Path.GetFullPath(path)) is string folder && !Directory.Exists(folder))
            {
                return $"there is no directory {folder}.";
            }

            if (File.Exists(path))
            {
                using FileStream existing = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            }

            if (!IsDevice(path))
            {
                using FileStream probe = new(
                    NewNameBeside(path), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
            }

            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return e.Message;
        }
    }

    /// <summary>Whether it is a device or a descriptor, such as /dev/null: it is written to, and must not be replaced by a file.</summary>
    public static bool IsDevice(string path)
    {
        string full = Path.GetFullPath(path);
        bool isSpecialPlace = full.StartsWith("/dev/", StringComparison.Ordinal) || full.StartsWith("/proc/", StringComparison.Ordinal);
        return isSpecialPlace && !full.StartsWith("/dev/shm/", StringComparison.Ordinal) && File.Exists(full);
    }

    /// <exception cref="IOException">It cannot be written; what was there before still is.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written; what was there before still is.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        using MemoryStream content = new();
        write(content);
        if (IsDevice(path))
        {
            using FileStream device = new(path, FileMode.Open, FileAccess.Write);
            content.WriteTo(device);
            return;
        }

        string target = TargetOf(path);
        string beside = NewNameBeside(target);
        try
        {
            File.WriteAllBytes(beside, content.ToArray());
            File.Move(beside, target, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(beside);
            throw;
        }
    }

    /// <summary>The same for what is too large to be held in memory; only the owner of the file may read it.</summary>
    /// <exception cref="IOException">It cannot be written; what was there before still is.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written; what was there before still is.</exception>
    public static void WriteThrough(string path, Action<Stream> write)
    {
        if (IsDevice(path))
        {
            using FileStream device = new(path, FileMode.Open, FileAccess.Write);
            write(device);
            return;
        }

        string target = TargetOf(path);
        string beside = NewNameBeside(target);
        bool isComplete = false;
        try
        {
            FileStreamOptions options = new() { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using (FileStream part = new(beside, options))
            {
                write(part);
            }

            File.Move(beside, target, overwrite: true);
            isComplete = true;
        }
        finally
        {
            if (!isComplete)
            {
                File.Delete(beside);
            }
        }
    }

    // A link stays a link, and what it leads to need not be there yet.
    private static string TargetOf(string path)
    {
        FileInfo file = new(path);
        return (file.LinkTarget is null ? null : file.ResolveLinkTarget(returnFinalTarget: true)?.FullName) ?? path;
    }

    private static string NewNameBeside(string path) => $"{path}.starling-part";
}
