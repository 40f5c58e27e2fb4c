namespace Starling.Conformance.Tests.Document;

/// <summary>The folder of the repository that holds this test.</summary>
internal static class RepositoryRoot
{
    public static string Path { get; } = Find();

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Starling.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("This test must run inside the repository.");
    }
}
