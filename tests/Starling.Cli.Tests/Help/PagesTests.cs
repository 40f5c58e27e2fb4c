using Starling.Cli.Help;
using Starling.Cli.Tree;

namespace Starling.Cli.Tests.Help;

public sealed class PagesTests
{
    [Fact]
    public void Pages_of_the_repository_are_what_the_tree_gives()
    {
        string folder = Path.Join(RepositoryRoot(), "docs", "cli");
        Dictionary<string, string> pages = MarkdownPages.All().ToDictionary(static page => page.File, static page => page.Text);

        Assert.Equal(pages.Keys.Order(), Directory.EnumerateFiles(folder).Select(Path.GetFileName).Order());
        Assert.All(pages, page => Assert.True(
            File.ReadAllText(Path.Join(folder, page.Key)).ReplaceLineEndings("\n") == page.Value, $"docs/cli/{page.Key} is not what the command tree says; eng/update-cli-docs writes it."));
    }

    [Fact]
    public void Every_place_of_the_tree_has_a_page_of_each_kind()
    {
        string[] names = [.. CommandTree.All.Select(static node => node.Words.Replace(' ', '-'))];

        Assert.Empty(names.Select(static name => $"{name}.md").Except(MarkdownPages.All().Select(static page => page.File)));
        Assert.Empty(names.Select(static name => $"starling-{name}.1").Except(ManPages.All().Select(static page => page.File)));
    }

    [Theory]
    [InlineData("groff", "-man", "-Tutf8", "-ww", "-z")]
    [InlineData("mandoc", "-T", "lint", "-W", "error")]
    public async Task Manual_pages_are_right(string program, params string[] arguments)
    {
        foreach ((string file, string text) in ManPages.All())
        {
            ShellRun run = await ShellRun.RunAsync(program, text, arguments);

            Assert.True((run.Code, run.Output, run.Error) == (0, "", ""), $"{file}: {run.Output}{run.Error}");
        }
    }

    [Fact]
    public async Task Manual_page_says_what_the_help_says()
    {
        string text = ManPages.All().Single(static page => page.File == "starling-pub.1").Text;

        ShellRun run = await ShellRun.RunAsync("groff", text, "-man", "-Tascii", "-P-c", "-rLL=110n");

        string plain = System.Text.RegularExpressions.Regex.Replace(run.Output, ".\b|\x1b\\[[0-9;]*m", "");
        Assert.Contains("starling-pub - Publish messages", plain, StringComparison.Ordinal);
        Assert.Contains("starling pub -t sensors/7/temperature -m 21.5", plain, StringComparison.Ordinal);
        Assert.All(HelpPage.Of(CommandTree.All.Single(static node => node.Words == "pub")).Flags, flag => Assert.Contains(flag.Spelling, plain, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Pages_are_written_where_they_are_asked_for()
    {
        using TemporaryFolder folder = new();

        CliRun markdown = await CliRun.RunAsync("pages", "markdown", folder.File("cli"));
        CliRun manual = await CliRun.RunAsync("pages", "man", folder.File("man"));
        CliRun other = await CliRun.RunAsync("pages", "html", folder.File("html"));

        Assert.Equal((ExitCode.Ok, ExitCode.Ok, ExitCode.Usage), (markdown.Code, manual.Code, other.Code));
        Assert.Equal(MarkdownPages.All().Count(), Directory.GetFiles(folder.File("cli")).Length);
        Assert.Equal(ManPages.All().Count(), Directory.GetFiles(folder.File("man")).Length);
    }

    [Theory]
    [InlineData("exit-codes")]
    [InlineData("environment")]
    public async Task Topic_is_the_same_in_the_help_and_on_its_page(string topic)
    {
        CliRun run = await CliRun.RunAsync("--help", topic);

        string page = MarkdownPages.All().Single(file => file.File == $"{topic}.md").Text;
        Assert.All(HelpTopics.All.Single(known => known.Name == topic).Tables.SelectMany(static table => table.Rows), row =>
        {
            Assert.Matches($"(?m)^  {row.Name} +{System.Text.RegularExpressions.Regex.Escape(row.Meaning)}$", run.Output);
            Assert.Contains($"| `{row.Name}` | ", page, StringComparison.Ordinal);
        });
    }

    private static string RepositoryRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Join(folder.FullName, "Starling.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"No Starling.slnx above {AppContext.BaseDirectory}.");
    }
}
