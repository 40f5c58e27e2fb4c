using System.Text.RegularExpressions;

namespace Starling.Conformance.Tests.Document;

/// <summary>The tests that claim statements with [Statement], read from the sources.</summary>
internal static partial class InsideClaims
{
    /// <summary>Statement to tests, each as project and name, in order.</summary>
    public static ILookup<string, string> Read() =>
        (from file in Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "tests"), "*.cs", SearchOption.AllDirectories)
         where !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
         let project = Path.GetRelativePath(RepositoryRoot.Path, file).Split(Path.DirectorySeparatorChar)[1]
         where project is not "Starling.Tidy"
         from claim in ReadClaims(File.ReadAllText(file))
         let test = $"{project["Starling.".Length..]}: {claim.Test.Replace('_', ' ')}"
         orderby test
         select (claim.Id, Test: test)).ToLookup(pair => pair.Id, pair => pair.Test, StringComparer.Ordinal);

    private static IEnumerable<(string Id, string Test)> ReadClaims(string source)
    {
        foreach (Match claim in Claim().Matches(source))
        {
            Match name = Name().Match(source, claim.Index);
            yield return (claim.Groups[1].Value, name.Groups[1].Value);
        }
    }

    [GeneratedRegex(@"\bStatement\(""([^""]+)""\)", RegexOptions.CultureInvariant)]
    private static partial Regex Claim();

    /// <summary>The method, or the class, that the attribute stands before.</summary>
    [GeneratedRegex(@"\bpublic (?:async )?(?:static )?(?:void|Task|sealed class) (\w+)", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
