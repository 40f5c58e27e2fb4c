namespace Starling.Cli.Commands;

/// <summary>Writes a file as a whole: whoever reads it finds the old one or the new one, never a part.</summary>
internal static class ReportFile
{
    /// <summary>Why the file cannot be written; null when it can. Leaves nothing behind.</summary>
    public static string? FindObstacle(string path)
    {
        try
        {
            if (Directory.Exists(path))
            {
                return "it is a directory.";
            }

            if (File.Exists(path))
            {
                using FileStream existing = new(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            }

            if (!IsDevice(path))
            {
                using FileStream probe = new(NewNameBeside(path), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            }

            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return e.Message;
        }
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

        FileInfo file = new(path);
        string target = (file.LinkTarget is null ? null : file.ResolveLinkTarget(returnFinalTarget: true)?.FullName) ?? path;
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

    // A device or a descriptor, such as /dev/null, is written to; it must not be replaced by a file.
    private static bool IsDevice(string path) =>
        Path.GetFullPath(path) is string full && (full.StartsWith("/dev/", StringComparison.Ordinal) || full.StartsWith("/proc/", StringComparison.Ordinal));

    private static string NewNameBeside(string path) => $"{path}.part";
}
