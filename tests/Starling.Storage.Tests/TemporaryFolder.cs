namespace Starling.Storage.Tests;

/// <summary>A folder that is gone after the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("starling-store-").FullName;

    /// <summary>All files below a directory with what is in them, but for the lock, which says who asked last.</summary>
    public static SortedDictionary<string, string> Snapshot(string directory)
    {
        SortedDictionary<string, string> files = new(StringComparer.Ordinal);
        foreach (string file in Directory.GetFiles(directory, "*", SearchOption.AllDirectories))
        {
            string name = System.IO.Path.GetRelativePath(directory, file);
            if (name != "LOCK")
            {
                files[name] = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)));
            }
        }

        return files;
    }

    public static void Copy(string from, string to)
    {
        foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories).Where(file => System.IO.Path.GetFileName(file) != "LOCK"))
        {
            string target = System.IO.Path.Join(to, System.IO.Path.GetRelativePath(from, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target) ?? to);
            File.Copy(file, target);
        }
    }

    public string Join(string name) => System.IO.Path.Join(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
