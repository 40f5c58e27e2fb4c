namespace Starling.Server.Tests;

/// <summary>Who may do what with a file; of tests that are skipped on Windows.</summary>
internal static class Rights
{
    public static UnixFileMode Of(string path) => OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(path);

    /// <param name="path">The file or directory.</param>
    /// <param name="octal">As <c>chmod</c> takes it.</param>
    public static void Set(string path, string octal)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32(octal, 8));
        }
    }
}
