namespace Starling.Tidy;

/// <summary>The files of the repository that holds this test, read once.</summary>
internal static class Repository
{
    private static readonly string[] SkippedFolders = [".git", ".vs", ".idea", "bin", "obj", "artifacts", "node_modules", "TestResults", "__pycache__"];
    private static readonly Lazy<IReadOnlyList<SourceFile>> AllFiles = new(Read);

    public static string Root { get; } = FindRoot();

    /// <summary>Every text file that may be tracked.</summary>
    public static IReadOnlyList<SourceFile> Files => AllFiles.Value;

    /// <summary>The C# files under src.</summary>
    public static IEnumerable<SourceFile> Product => Files.Where(file => file.IsCode && file.IsProduct);

    /// <summary>The C# files under tests.</summary>
    public static IEnumerable<SourceFile> Tests => Files.Where(file => file.IsCode && file.Path.StartsWith("tests/", StringComparison.Ordinal));

    /// <summary>The C# files under bench.</summary>
    public static IEnumerable<SourceFile> Benchmarks => Files.Where(file => file.IsCode && file.Path.StartsWith("bench/", StringComparison.Ordinal));

    public static IEnumerable<SourceFile> Code => Product.Concat(Tests).Concat(Benchmarks);

    public static IEnumerable<SourceFile> WithExtension(string extension) =>
        Files.Where(file => file.Path.EndsWith(extension, StringComparison.Ordinal));

    public static SourceFile Get(string path) =>
        Files.SingleOrDefault(file => file.Path == path) ?? throw new FileNotFoundException($"{path} is missing in the repository");

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Starling.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("This test must run inside the repository.");
    }

    private static List<SourceFile> Read()
    {
        List<SourceFile> files = [];
        Stack<DirectoryInfo> folders = new([new DirectoryInfo(Root)]);
        while (folders.TryPop(out DirectoryInfo? folder))
        {
            foreach (DirectoryInfo inner in folder.EnumerateDirectories().Where(inner => !SkippedFolders.Contains(inner.Name)))
            {
                folders.Push(inner);
            }

            // In a worktree .git is a file.
            foreach (FileInfo file in folder.EnumerateFiles().Where(file => file.LinkTarget is null && !SkippedFolders.Contains(file.Name)))
            {
                byte[] bytes = File.ReadAllBytes(file.FullName);
                if (!bytes.Contains((byte)0))
                {
                    string path = Path.GetRelativePath(Root, file.FullName).Replace('\\', '/');
                    files.Add(new SourceFile(path, System.Text.Encoding.UTF8.GetString(bytes)));
                }
            }
        }

        return files;
    }
}
