using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Starling.Tidy;

/// <summary>One text file of the repository, or a snippet that a test makes up.</summary>
/// <param name="path">Relative to the root, with slashes.</param>
/// <param name="text">The whole content.</param>
internal sealed class SourceFile(string path, string text)
{
    private readonly Lazy<CompilationUnitSyntax> _root = new(() => CSharpSyntaxTree.ParseText(text).GetCompilationUnitRoot());

    public string Path { get; } = path;

    public string Text { get; } = text;

    public string[] Lines { get; } = text.Split('\n');

    /// <summary>The syntax of a C# file.</summary>
    public CompilationUnitSyntax Root => _root.Value;

    public bool IsCode => Path.EndsWith(".cs", StringComparison.Ordinal);

    public bool IsProduct => Path.StartsWith("src/", StringComparison.Ordinal);

    /// <summary>The folder of the project under src, tests or bench that holds the file, or the empty string.</summary>
    public string Project => Path.Split('/') is [var top, var project, _, ..] && top is "src" or "tests" or "bench" ? project : "";

    public IEnumerable<T> All<T>()
        where T : SyntaxNode => Root.DescendantNodes().OfType<T>();

    public Offence At(SyntaxNodeOrToken place, string remedy) => AtLine(LineOf(place), remedy);

    public Offence AtLine(int line, string remedy) => new(Path, line, remedy);

    /// <summary>The line, from 1, of the first character that is neither space nor comment.</summary>
    public static int LineOf(SyntaxNodeOrToken place) => (place.GetLocation()?.GetLineSpan().StartLinePosition.Line ?? 0) + 1;
}
