using System.Text;

namespace Starling.Server.Control;

/// <summary>Where the control socket of a data directory is.</summary>
internal static class ControlPath
{
    private const string Name = "control.sock";

    // What the system's address of a Unix socket holds, less the zero at its end.
    private const int PathBytesMax = 107;

    public static string In(string dataDirectory) => Path.Join(Path.GetFullPath(dataDirectory), Name);

    /// <summary>Why no socket can be there; null when one can.</summary>
    public static string? FindObstacle(string path) => Encoding.UTF8.GetByteCount(path) > PathBytesMax
        ? $"the path {path} is longer than the {PathBytesMax} bytes that a Unix socket may have; use a data directory with a shorter path."
        : null;
}
