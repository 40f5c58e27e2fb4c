namespace Starling.Tidy;

public sealed class DocumentTests
{
    private static readonly SourceFile Page = new("docs/page.md", "# A page: the first\n\n## With `code` in it\n");

    private static IEnumerable<SourceFile> Records => Repository.WithExtension(".md")
        .Where(file => file.Path.StartsWith("docs/decisions/", StringComparison.Ordinal) && file.Path != "docs/decisions/README.md");

    [Fact]
    public void Links_resolve() =>
        Offence.AssertNone(Repository.WithExtension(".md").SelectMany(document => Documents.CheckLinks(document, Repository.Files)));

    [Fact]
    public void No_file_names_one_machine() =>
        Offence.AssertNone(Repository.Files.Where(file => file.Path != "tests/Starling.Tidy/Documents.cs" && file.Path != "tests/Starling.Tidy/DocumentTests.cs")
            .SelectMany(Documents.CheckPlaces));

    [Fact]
    public void The_change_log_has_its_form() => Offence.AssertNone(Documents.CheckChangeLog(Repository.Get("CHANGELOG.md")));

    [Fact]
    public void The_newest_version_of_the_change_log_is_the_one_that_is_built()
    {
        string heading = Repository.Get("CHANGELOG.md").Lines.First(line => line.StartsWith("## ", StringComparison.Ordinal));
        Assert.Contains($"<Version>{heading[3..heading.IndexOf(',', StringComparison.Ordinal)]}</Version>", Repository.Get("Directory.Build.props").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Decision_records_have_their_form_and_are_listed()
    {
        Offence.AssertNone(Records.SelectMany(record => Documents.CheckRecord(record, Repository.Get("docs/decisions/README.md"))));
        Offence.AssertNone(Documents.CheckRecordNumbers(Records));
    }

    [Fact]
    public void The_licence_is_the_one_that_the_packages_name()
    {
        Assert.StartsWith("MIT License\n", Repository.Get("LICENSE").Text, StringComparison.Ordinal);
        Assert.Contains("<PackageLicenseExpression>MIT</PackageLicenseExpression>", Repository.Get("Directory.Build.props").Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("ARCHITECTURE.md")]
    [InlineData("CONTRIBUTING.md")]
    [InlineData("CHANGELOG.md")]
    [InlineData("SECURITY.md")]
    public void The_documents_of_the_root_are_there(string path) => Assert.True(Repository.Get(path).Lines.Length > 5);

    [Theory]
    [InlineData("[a](page.md)", 0)]
    [InlineData("[a](page.md#a-page-the-first) and [b](page.md#with-code-in-it)", 0)]
    [InlineData("[a](../docs)", 0)]
    [InlineData("[a](https://example.org/x)", 0)]
    [InlineData("`[a](nowhere.md)`", 0)]
    [InlineData("```\n[a](nowhere.md)\n```", 0)]
    [InlineData("[a](nowhere.md)", 1)]
    [InlineData("[a](page.md#nowhere)", 1)]
    [InlineData("[a](#nowhere)", 1)]
    public void A_broken_link_is_found(string text, int offences) =>
        Assert.Equal(offences, Documents.CheckLinks(new SourceFile("docs/other.md", text), [Page]).Count());

    [Theory]
    [InlineData("see /" + "work/main", 1)]
    [InlineData("/" + "root/.dotnet", 1)]
    [InlineData("registry.npm" + "js.org", 1)]
    [InlineData("$root/src/work/x and https://example.org/root/x", 0)]
    public void A_path_of_one_machine_is_found(string text, int offences) =>
        Assert.Equal(offences, Documents.CheckPlaces(new SourceFile("docs/other.md", text)).Count());

    [Theory]
    [InlineData("# Changelog\n\n## 0.1.0, not released\n\n### Features\n\n- a\n\n### Internals\n\n- b\n", 0)]
    [InlineData("# Changes\n", 1)]
    [InlineData("# Changelog\n\n## Next\n", 1)]
    [InlineData("# Changelog\n\n## 0.1.0, not released\n\n### Internals\n\n### Features\n", 1)]
    [InlineData("# Changelog\n\n## 0.1.0, not released\n\n- a\n", 1)]
    public void A_change_log_of_another_form_is_found(string text, int offences) =>
        Assert.Equal(offences, Documents.CheckChangeLog(new SourceFile("CHANGELOG.md", text)).Count());

    [Theory]
    [InlineData("docs/decisions/0001-a-thing.md", "# 0001 A thing\n\n## Context\n\n## Decision\n\n## Consequences\n", 0)]
    [InlineData("docs/decisions/0002-a-thing.md", "# 0002 A thing\n\n## Context\n\n## Decision\n\n## Consequences\n", 1)]
    [InlineData("docs/decisions/0001-a-thing.md", "# A thing\n\n## Context\n\n## Decision\n", 2)]
    [InlineData("docs/decisions/thing.md", "# A thing\n", 1)]
    public void A_record_of_another_form_is_found(string path, string text, int offences) => Assert.Equal(
        offences,
        Documents.CheckRecord(new SourceFile(path, text), new SourceFile("docs/decisions/README.md", "[A thing](0001-a-thing.md)")).Count());

    [Fact]
    public void Two_records_with_one_number_are_found() => Assert.Single(Documents.CheckRecordNumbers(
        [new SourceFile("docs/decisions/0001-a.md", ""), new SourceFile("docs/decisions/0001-b.md", ""), new SourceFile("docs/decisions/0002-c.md", "")]));
}
