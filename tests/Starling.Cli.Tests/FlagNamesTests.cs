using Starling.Cli.Help;
using Starling.Cli.Tree;

namespace Starling.Cli.Tests;

public sealed class FlagNamesTests
{
    /// <summary>Words whose flags are those of another tool, letter by letter.</summary>
    private static readonly string[] Borrowed = ["passwd"];

    private static readonly string[] OfConnections =
        ["-h", "-p", "-L", "-u", "-P", "-V", "--host", "--port", "--url", "--username", "--pw", "--password-file", "--password-env", "--context", "--mqtt"];

    private static IEnumerable<(string Command, HelpFlag Flag)> Flags =>
        from node in CommandTree.All
        where !Borrowed.Contains(node.Words)
        from flag in HelpPage.Of(node).Flags
        select (node.Words, flag);

    [Fact]
    public void Short_flag_means_the_same_in_every_command()
    {
        var meanings =
            from entry in Flags
            from name in entry.Flag.Names
            where !name.StartsWith("--", StringComparison.Ordinal)
            group (entry.Command, Long: entry.Flag.Names.First(static other => other.StartsWith("--", StringComparison.Ordinal))) by name;

        Assert.All(meanings, static meaning => Assert.True(
            meaning.Select(static use => use.Long).Distinct().Count() == 1,
            $"{meaning.Key} is {string.Join(", ", meaning.Select(static use => $"{use.Long} in {use.Command}").Distinct())}"));
    }

    [Fact]
    public void Commands_that_connect_have_the_same_flags_for_it()
    {
        string[] connecting = ["health", "pub", "sub", "rr", "context add", "conform", "record", "replay", .. CommandTree.All.Where(static node => node.Words.StartsWith("bench ", StringComparison.Ordinal)).Select(static node => node.Words)];

        Assert.All(connecting, static words =>
        {
            string[] names = [.. HelpPage.Of(CommandTree.All.Single(node => node.Words == words)).Flags.SelectMany(static flag => flag.Names)];
            Assert.Empty(OfConnections.Except(names));
        });
    }

    [Fact]
    public void Every_flag_and_summary_says_something_and_ends_with_a_stop()
    {
        Assert.All(Flags, static entry => Assert.True(entry.Flag.Meaning.EndsWith('.'), $"{entry.Command} {entry.Flag.Spelling}: {entry.Flag.Meaning}"));
        Assert.All(CommandTree.All, static node => Assert.EndsWith(".", node.Summary, StringComparison.Ordinal));
    }
}
