using System.Text.RegularExpressions;

namespace Starling.Samples.Tests;

/// <summary>The samples of the document are those that are compiled and run here.</summary>
public sealed partial class DocumentTests
{
    private static readonly string Root = FindRoot();

    public static TheoryData<int> Samples => [.. SourcesByNumber().Keys];

    [Theory, MemberData(nameof(Samples))]
    public void A_sample_of_the_document_is_the_one_that_runs(int number)
    {
        string compiled = string.Join("\n\n", SourcesByNumber()[number]);

        Assert.Equal(Plain(compiled), Plain(string.Join("\n\n", DocumentedByNumber()[number])));
    }

    [Fact]
    public void Every_sample_of_the_document_is_run() =>
        Assert.Equal(SourcesByNumber().Keys.Order(), DocumentedByNumber().Keys.Order());

    private static SortedDictionary<int, List<string>> SourcesByNumber() =>
        Collect(SourceFiles(), Compiled());

    // The tests first, then the types that they use, as in a program.
    private static IEnumerable<string> SourceFiles() =>
        from file in Directory.GetFiles(Path.Combine(Root, "tests", "Starling.Samples.Tests"), "*.cs")
        let name = Path.GetFileName(file)
        where name != "DocumentTests.cs"
        orderby name == "SampleTests.cs" descending, name
        select file;

    private static SortedDictionary<int, List<string>> DocumentedByNumber() =>
        Collect(Directory.GetFiles(Path.Combine(Root, "docs", "client"), "*.md").Order(StringComparer.Ordinal), Documented());

    private static SortedDictionary<int, List<string>> Collect(IEnumerable<string> files, Regex pattern)
    {
        SortedDictionary<int, List<string>> samples = [];
        foreach (Match match in files.SelectMany(file => pattern.Matches(File.ReadAllText(file))))
        {
            int number = int.Parse(match.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);
            samples.TryAdd(number, []);
            samples[number].Add(match.Groups[2].Value);
        }

        return samples;
    }

    // Without indentation, the lines that only one of the two needs, and the words that only the compiler needs here.
    private static string Plain(string text)
    {
        IEnumerable<string> lines = text.Split('\n').Where(line => !UsingDirective().IsMatch(line));
        string joined = string.Join('\n', lines.Select(line => line.Trim())).Trim();
        return At().Replace(joined, "$1").Replace("internal sealed", "sealed", StringComparison.Ordinal);
    }

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Starling.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"No Starling.slnx above {AppContext.BaseDirectory}.");
    }

    [GeneratedRegex(@"// sample (\d+)\r?\n(.*?)\n\s*// end", RegexOptions.Singleline)]
    private static partial Regex Compiled();

    [GeneratedRegex(@"<!-- sample (\d+) -->\r?\n+```csharp\r?\n(.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Documented();

    [GeneratedRegex(@"^\s*using [A-Za-z.]+;$")]
    private static partial Regex UsingDirective();

    [GeneratedRegex("\\bAt\\((\"[^\"]*\")\\)")]
    private static partial Regex At();
}
