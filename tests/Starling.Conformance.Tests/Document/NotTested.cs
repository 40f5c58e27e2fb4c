namespace Starling.Conformance.Tests.Document;

/// <summary>The statements that docs/spec/not-tested.tsv gives up, each with its reason.</summary>
internal static class NotTested
{
    public static IReadOnlyDictionary<string, string> Read() => File
        .ReadAllLines(Path.Combine(RepositoryRoot.Path, "docs", "spec", "not-tested.tsv"))
        .Skip(1)
        .Select(line => line.Split('\t'))
        .ToDictionary(cells => cells[0], cells => cells[1], StringComparer.Ordinal);
}
