using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Starling.Tidy;

/// <summary>A file has at most 400 lines, a type 600 with all its parts, a function 60, a parameter list 5.</summary>
internal static class Sizes
{
    private const int FileLinesMax = 400;
    private const int TypeLinesMax = 600;
    private const int FunctionLinesMax = 60;
    private const int ParametersMax = 5;

    /// <summary>Their parameter lists are somebody else's: the kernel's, or the template of a log message.</summary>
    private static readonly string[] ForeignSignatures = ["LibraryImport", "DllImport", "LoggerMessage", "UnmanagedFunctionPointer"];

    public static IEnumerable<Offence> CheckFile(SourceFile file)
    {
        int lines = file.Lines.Length - (file.Text.EndsWith('\n') ? 1 : 0);
        if (lines > FileLinesMax)
        {
            yield return file.AtLine(FileLinesMax + 1, $"{lines} lines are more than {FileLinesMax}; split the file by subject");
        }
    }

    public static IEnumerable<Offence> CheckTypes(IEnumerable<SourceFile> files) =>
        from file in files
        from type in file.All<TypeDeclarationSyntax>()
        group (file, type) by (file.Project, Name: FullName(type)) into parts
        let lines = parts.Sum(part => LineCount(part.type))
        where lines > TypeLinesMax
        select parts.First().file.At(
            parts.First().type.Identifier,
            $"{parts.Key.Name} has {lines} lines in all its parts, more than {TypeLinesMax}; split it by subject");

    public static IEnumerable<Offence> CheckFunctions(SourceFile file) =>
        from node in file.Root.DescendantNodes()
        where node is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AccessorDeclarationSyntax
        let lines = LineCount(node)
        where lines > FunctionLinesMax
        select file.At(AfterAttributes(node), $"{lines} lines are more than {FunctionLinesMax}; take steps out into functions with names");

    public static IEnumerable<Offence> CheckParameters(SourceFile file) =>
        from list in file.All<ParameterListSyntax>()
        where list.Parameters.Count > ParametersMax && list.Parent is not (RecordDeclarationSyntax or LambdaExpressionSyntax)
        where list.Parent is not MemberDeclarationSyntax member || !HasForeignSignature(member)
        select file.At(list, $"{list.Parameters.Count} parameters are more than {ParametersMax}; hand in a record");

    private static bool HasForeignSignature(MemberDeclarationSyntax member) => member.AttributeLists
        .SelectMany(list => list.Attributes)
        .Any(attribute => ForeignSignatures.Contains(attribute.Name.ToString()));

    private static string FullName(TypeDeclarationSyntax type) =>
        string.Join('.', type.AncestorsAndSelf().OfType<TypeDeclarationSyntax>().Select(part => part.Identifier.Text + part.Arity).Reverse());

    private static SyntaxToken AfterAttributes(SyntaxNode node) =>
        node.ChildNodesAndTokens().First(child => !child.IsKind(SyntaxKind.AttributeList)) is { } first && first.IsToken
            ? first.AsToken()
            : node.ChildNodes().First(child => child is not AttributeListSyntax).GetFirstToken();

    private static int LineCount(SyntaxNode node) =>
        SourceFile.LineOf(node.GetLastToken()) - SourceFile.LineOf(AfterAttributes(node)) + 1;
}
