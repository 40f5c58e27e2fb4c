using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Starling.Tidy;

/// <summary>How types stand in files: one each, sealed, named by a subject, in the namespace of the folder.</summary>
internal static class Shapes
{
    private static readonly string[] EmptyWords = ["Manager", "Helper", "Helpers", "Utils", "Util", "Utility", "Utilities", "Common", "Base"];
    private static readonly string[] Generators = ["LibraryImport", "LoggerMessage", "GeneratedRegex", "JsonSerializable", "OptionsValidator"];

    /// <summary>Extension methods on IServiceCollection stand where every .NET program looks for them.</summary>
    private const string ContainerNamespace = "Microsoft.Extensions.DependencyInjection";

    public static IEnumerable<Offence> CheckOneTypePerFile(SourceFile file)
    {
        MemberDeclarationSyntax[] types = [.. TopLevelTypes(file)];
        string expected = Path.GetFileNameWithoutExtension(file.Path);
        foreach (MemberDeclarationSyntax second in types.Skip(1))
        {
            yield return file.At(NameOf(second), $"{NameOf(second).Text} needs a file of its own; a file holds one type");
        }

        if (types.Length > 0 && NameOf(types[0]).Text != expected && NameWithParameters(types[0]) != expected)
        {
            yield return file.At(NameOf(types[0]), $"the file must have the name of its type, {NameOf(types[0]).Text}.cs");
        }
    }

    public static IEnumerable<Offence> CheckNamespace(SourceFile file)
    {
        string folder = Path.GetDirectoryName(file.Path) ?? "";
        string expected = folder[(folder.IndexOf('/', StringComparison.Ordinal) + 1)..].Replace('/', '.');
        return from space in file.All<BaseNamespaceDeclarationSyntax>()
               let name = space.Name.ToString()
               where name != expected && name != ContainerNamespace && file.Project.Length > 0
               select file.At(space.Name, $"the namespace must follow the folder: {expected}");
    }

    public static IEnumerable<Offence> CheckNames(SourceFile file) =>
        from node in file.Root.DescendantNodes()
        where node is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax
        let name = NameOf((MemberDeclarationSyntax)node)
        let word = Words(name.Text).FirstOrDefault(EmptyWords.Contains)
        where word is not null
        select file.At(name, $"'{word}' in {name.Text} says nothing; name the type by its subject");

    public static IEnumerable<Offence> CheckSealed(IEnumerable<SourceFile> files)
    {
        SourceFile[] all = [.. files];
        HashSet<(string, string)> bases = [.. from file in all
                                              from type in file.All<TypeDeclarationSyntax>()
                                              from inherited in type.BaseList?.Types ?? default
                                              select (file.Project, SimpleName(inherited.Type))];
        return from file in all
               from type in file.All<TypeDeclarationSyntax>()
               where type is ClassDeclarationSyntax || type.IsKind(SyntaxKind.RecordDeclaration)
               where !type.Modifiers.Any(modifier => modifier.Kind() is SyntaxKind.SealedKeyword or SyntaxKind.StaticKeyword)
               where !bases.Contains((file.Project, type.Identifier.Text)) && !HasBenchmarks(type)
               where !all.Any(other => other.Project == file.Project && IsSealedElsewhere(other, type))
               select file.At(type.Identifier, $"{type.Identifier.Text} must be sealed: no type of its project derives from it");
    }

    public static IEnumerable<Offence> CheckPartial(SourceFile file) =>
        from type in file.All<TypeDeclarationSyntax>()
        where type.Modifiers.Any(SyntaxKind.PartialKeyword)
        where !type.DescendantNodes().OfType<AttributeSyntax>().Any(attribute => Generators.Contains(attribute.Name.ToString()))
        where !type.DescendantNodes().OfType<TypeDeclarationSyntax>().Any(inner => inner.Modifiers.Any(SyntaxKind.PartialKeyword))
        select file.At(type.Identifier, $"{type.Identifier.Text} is partial without a source generator; split it by subject into types");

    /// <summary>BenchmarkDotNet derives from the classes whose methods it measures.</summary>
    private static bool HasBenchmarks(TypeDeclarationSyntax type) =>
        type.DescendantNodes().OfType<AttributeSyntax>().Any(attribute => attribute.Name.ToString() == "Benchmark");

    private static bool IsSealedElsewhere(SourceFile file, TypeDeclarationSyntax type) =>
        type.Modifiers.Any(SyntaxKind.PartialKeyword)
        && file.All<TypeDeclarationSyntax>().Any(other => other.Identifier.Text == type.Identifier.Text
            && other.Modifiers.Any(modifier => modifier.Kind() is SyntaxKind.SealedKeyword or SyntaxKind.StaticKeyword));

    /// <summary>A generic type beside one of the same name has its parameters in the name of its file: Name{T}.cs.</summary>
    private static string? NameWithParameters(MemberDeclarationSyntax type) => type is TypeDeclarationSyntax { TypeParameterList.Parameters: var parameters } generic
        ? $"{generic.Identifier.Text}{{{string.Join(',', parameters)}}}"
        : null;

    private static IEnumerable<MemberDeclarationSyntax> TopLevelTypes(SourceFile file) =>
        file.Root.Members
            .SelectMany(member => member is BaseNamespaceDeclarationSyntax space ? space.Members : [member])
            .Where(member => member is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax);

    private static SyntaxToken NameOf(MemberDeclarationSyntax type) => type switch
    {
        BaseTypeDeclarationSyntax named => named.Identifier,
        DelegateDeclarationSyntax named => named.Identifier,
        _ => default,
    };

    private static string SimpleName(TypeSyntax type) => type switch
    {
        QualifiedNameSyntax qualified => qualified.Right.Identifier.Text,
        SimpleNameSyntax simple => simple.Identifier.Text,
        _ => type.ToString(),
    };

    private static IEnumerable<string> Words(string name)
    {
        int start = 0;
        for (int i = 1; i <= name.Length; i++)
        {
            if (i == name.Length || char.IsUpper(name[i]))
            {
                yield return name[start..i];
                start = i;
            }
        }
    }
}
