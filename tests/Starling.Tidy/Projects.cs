using System.Xml;
using System.Xml.Linq;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Starling.Tidy;

/// <summary>Project files: the arrows between them, and that they leave the settings to the props of the root.</summary>
internal static class Projects
{
    /// <summary>What each project may refer to; every other arrow is an offence. docs/decisions/0007 says why.</summary>
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["Starling.Protocol"] = [],
        ["Starling.CommitLog"] = [],
        ["Starling.Broker"] = ["Starling.Protocol"],
        ["Starling.Storage"] = ["Starling.Broker", "Starling.CommitLog"],
        ["Starling.Transports"] = ["Starling.Protocol"],
        ["Starling.Client"] = ["Starling.Protocol", "Starling.Transports", "Starling.CommitLog"],
        ["Starling.Hosting"] = ["Starling.Broker", "Starling.Storage", "Starling.Transports"],
        ["Starling.Conformance"] = ["Starling.Protocol"],
        ["Starling.Testing"] = ["Starling.Hosting", "Starling.Client"],
        ["Starling.Bench"] = ["Starling.Protocol", "Starling.Transports"],
        ["Starling.Server"] = ["Starling.Hosting"],
        ["Starling.Cli"] = ["Starling.Server", "Starling.Client", "Starling.Conformance", "Starling.Bench"],
    };

    /// <summary>They stand on the base class library alone.</summary>
    private static readonly string[] WithoutPackages = ["Starling.Protocol", "Starling.CommitLog"];

    /// <summary>Set once for all, in Directory.Build.props and Directory.Packages.props.</summary>
    private static readonly string[] CommonSettings =
    [
        "TargetFramework", "TargetFrameworks", "LangVersion", "Nullable", "ImplicitUsings", "TreatWarningsAsErrors", "WarningsNotAsErrors",
        "AnalysisLevel", "AnalysisMode", "EnforceCodeStyleInBuild", "GenerateDocumentationFile", "IsAotCompatible", "Version", "Deterministic",
    ];

    public static IEnumerable<Offence> CheckArrows(SourceFile project)
    {
        string name = Path.GetFileNameWithoutExtension(project.Path);
        if (!Arrows.TryGetValue(name, out string[]? allowed))
        {
            return [project.AtLine(1, $"{name} is not in the map of projects; decide its arrows, then add it to Projects.cs")];
        }

        return Elements(project, "ProjectReference")
            .Select(element => (Target: Path.GetFileNameWithoutExtension(Include(element).Replace('\\', '/')), Line: LineOf(element)))
            .Where(reference => !allowed.Contains(reference.Target))
            .Select(reference => project.AtLine(reference.Line, $"{name} must not refer to {reference.Target}; allowed: {string.Join(", ", allowed)}"));
    }

    /// <summary>The suite that judges our codec must not share it: of the protocol it takes enums, which are names and numbers.</summary>
    public static IEnumerable<Offence> CheckSuite(IEnumerable<SourceFile> suite, IEnumerable<SourceFile> product)
    {
        HashSet<string> codec =
        [
            .. from file in product
               where file.Project == "Starling.Protocol"
               from type in file.All<TypeDeclarationSyntax>()
               select type.Identifier.Text,
        ];
        return from file in suite
               from name in file.All<IdentifierNameSyntax>()
               where codec.Contains(name.Identifier.Text)
               select file.At(name, $"{name.Identifier.Text} is part of what the suite judges; write it anew in Wire");
    }

    public static IEnumerable<Offence> CheckPackages(SourceFile project) =>
        from element in Elements(project, "PackageReference")
        where WithoutPackages.Contains(Path.GetFileNameWithoutExtension(project.Path))
        select project.AtLine(LineOf(element), $"no packages here: the project stands on the base class library alone ({Include(element)})");

    public static IEnumerable<Offence> CheckSettings(SourceFile project)
    {
        XElement root = XDocument.Parse(project.Text, LoadOptions.SetLineInfo).Root ?? throw new FormatException($"{project.Path} is empty");
        IEnumerable<Offence> settings = root.Descendants()
            .Where(element => CommonSettings.Contains(element.Name.LocalName))
            .Select(element => project.AtLine(LineOf(element), $"{element.Name.LocalName} is set for all projects in Directory.Build.props"));
        IEnumerable<Offence> versions = Elements(project, "PackageReference")
            .Where(element => element.Attribute("Version") is not null || element.Attribute("VersionOverride") is not null)
            .Select(element => project.AtLine(LineOf(element), "versions stand in Directory.Packages.props"));
        IEnumerable<Offence> sdk = (string?)root.Attribute("Sdk") == "Microsoft.NET.Sdk"
            ? []
            : [project.AtLine(1, "the project must use the SDK Microsoft.NET.Sdk, which reads the props of the root")];
        return [.. settings, .. versions, .. sdk];
    }

    /// <summary>Props between a project and the root would hide the root's, unless they import them.</summary>
    public static IEnumerable<Offence> CheckProps(SourceFile props) =>
        props.Path == "Directory.Build.props" || props.Text.Contains("Directory.Build.props\" />", StringComparison.Ordinal)
            ? []
            : [props.AtLine(1, "props in a folder must import those of the root")];

    public static IEnumerable<Offence> CheckSolution(SourceFile solution, IEnumerable<SourceFile> projects) =>
        from project in projects
        where !solution.Text.Contains($"\"{project.Path}\"", StringComparison.Ordinal)
        select project.AtLine(1, "the project is not in Starling.slnx");

    public static IEnumerable<Offence> CheckMirrors(IReadOnlyCollection<SourceFile> projects) =>
        from project in projects
        where project.IsProduct
        let tests = $"tests/{project.Project}.Tests/{project.Project}.Tests.csproj"
        where !projects.Any(other => other.Path == tests)
        select project.AtLine(1, $"{tests} is missing: every project has its tests");

    private static IEnumerable<XElement> Elements(SourceFile project, string name) =>
        XDocument.Parse(project.Text, LoadOptions.SetLineInfo).Descendants(name);

    private static string Include(XElement element) => (string?)element.Attribute("Include") ?? "";

    private static int LineOf(XElement element) => ((IXmlLineInfo)element).LineNumber;
}
