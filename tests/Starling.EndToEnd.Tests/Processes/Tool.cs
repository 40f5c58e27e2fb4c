namespace Starling.EndToEnd.Tests.Processes;

/// <summary>Finds programs of other projects; a test that needs a missing one is skipped with the reason.</summary>
internal static class Tool
{
    public const string Python = "/usr/bin/python3";

    public static string Require(string name, string debianPackage)
    {
        string? path = (Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin:/usr/bin")
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, $"{name} is not installed (Debian package {debianPackage}).");
        return path ?? name;
    }

    public static void RequireFile(string path, string reason) => Assert.SkipUnless(File.Exists(path), reason);

    /// <summary>The root of the repository: the nearest folder above the test program that holds the solution.</summary>
    public static string RepositoryRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Starling.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No Starling.slnx above {AppContext.BaseDirectory}.");
    }

    public static string Script(string name) =>
        Path.Combine(RepositoryRoot(), "tests", "Starling.EndToEnd.Tests", "Scripts", name);
}
