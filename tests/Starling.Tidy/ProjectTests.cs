namespace Starling.Tidy;

public sealed class ProjectTests
{
    private static SourceFile[] All => [.. Repository.WithExtension(".csproj")];

    [Fact]
    public void Projects_refer_only_to_those_below_them() =>
        Offence.AssertNone(All.Where(project => project.IsProduct).SelectMany(Projects.CheckArrows));

    [Fact]
    public void The_lowest_projects_need_no_packages() => Offence.AssertNone(All.SelectMany(Projects.CheckPackages));

    [Fact]
    public void Settings_stand_in_one_place() => Offence.AssertNone(All.SelectMany(Projects.CheckSettings));

    [Fact]
    public void Props_of_folders_import_those_of_the_root() =>
        Offence.AssertNone(Repository.WithExtension("Directory.Build.props").SelectMany(Projects.CheckProps));

    [Fact]
    public void Every_project_is_in_the_solution() => Offence.AssertNone(Projects.CheckSolution(Repository.Get("Starling.slnx"), All));

    [Fact]
    public void Every_project_has_its_tests() => Offence.AssertNone(Projects.CheckMirrors(All));

    [Fact]
    public void The_conformance_suite_has_a_codec_of_its_own() =>
        Offence.AssertNone(Projects.CheckSuite(Repository.Product.Where(file => file.Project == "Starling.Conformance"), Repository.Product));

    [Fact]
    public void A_suite_that_borrows_the_codec_is_found()
    {
        SourceFile codec = new("src/Starling.Protocol/Packets/PublishPacket.cs", "public ref struct PublishPacket { }");
        SourceFile names = new("src/Starling.Protocol/Packets/PropertyId.cs", "public enum PropertyId { None }");
        SourceFile borrows = new("src/Starling.Conformance/Wire/Thing.cs", "class Thing { void Do(PublishPacket packet, PropertyId id) { } }");
        Assert.Single(Projects.CheckSuite([borrows], [codec, names, borrows]));
    }

    [Theory]
    [InlineData("Shipped")]
    [InlineData("Unshipped")]
    public void Every_project_of_src_declares_its_public_api(string kind) => Offence.AssertNone(
        from project in All
        where project.IsProduct
        let path = $"src/{project.Project}/PublicAPI.{kind}.txt"
        where !Repository.Files.Any(file => file.Path == path)
        select project.AtLine(1, $"{path} is missing; run eng/update-public-api"));

    [Theory]
    [InlineData("src/Starling.Broker/Starling.Broker.csproj", "Starling.Protocol", 0)]
    [InlineData("src/Starling.Broker/Starling.Broker.csproj", "Starling.Transports", 1)]
    [InlineData("src/Starling.Protocol/Starling.Protocol.csproj", "Starling.Broker", 1)]
    [InlineData("src/Starling.Unknown/Starling.Unknown.csproj", "Starling.Protocol", 1)]
    public void A_wrong_arrow_is_found(string path, string target, int offences) => Assert.Equal(
        offences,
        Projects.CheckArrows(Project(path, $"<ItemGroup><ProjectReference Include=\"..\\{target}\\{target}.csproj\" /></ItemGroup>")).Count());

    [Theory]
    [InlineData("src/Starling.Protocol/Starling.Protocol.csproj", 1)]
    [InlineData("src/Starling.Broker/Starling.Broker.csproj", 0)]
    public void A_package_below_is_found(string path, int offences) => Assert.Equal(
        offences,
        Projects.CheckPackages(Project(path, "<ItemGroup><PackageReference Include=\"X\" /></ItemGroup>")).Count());

    [Theory]
    [InlineData("<PropertyGroup><OutputType>Exe</OutputType></PropertyGroup>", 0)]
    [InlineData("<PropertyGroup><Nullable>disable</Nullable></PropertyGroup>", 1)]
    [InlineData("<ItemGroup><PackageReference Include=\"X\" Version=\"1.0.0\" /></ItemGroup>", 1)]
    public void A_setting_of_its_own_is_found(string content, int offences) => Assert.Equal(
        offences,
        Projects.CheckSettings(Project("src/Starling.Broker/Starling.Broker.csproj", content)).Count());

    [Fact]
    public void Props_that_hide_the_root_are_found()
    {
        Assert.Single(Projects.CheckProps(new SourceFile("src/Directory.Build.props", "<Project />")));
        Assert.Empty(Projects.CheckProps(new SourceFile("src/Directory.Build.props", "<Project><Import Project=\"../Directory.Build.props\" /></Project>")));
    }

    [Fact]
    public void A_project_outside_of_the_solution_or_without_tests_is_found()
    {
        SourceFile project = Project("src/Starling.Broker/Starling.Broker.csproj", "");
        SourceFile tests = Project("tests/Starling.Broker.Tests/Starling.Broker.Tests.csproj", "");
        Assert.Single(Projects.CheckSolution(new SourceFile("Starling.slnx", "<Solution />"), [project]));
        Assert.Single(Projects.CheckMirrors([project]));
        Assert.Empty(Projects.CheckMirrors([project, tests]));
    }

    private static SourceFile Project(string path, string content) => new(path, $"<Project Sdk=\"Microsoft.NET.Sdk\">\n{content}\n</Project>\n");
}
