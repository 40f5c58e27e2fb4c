using Starling.Cli.Help;
using Starling.Cli.Tree;

namespace Starling.Cli.Completion;

/// <summary>What can follow the words of one place of the command tree.</summary>
/// <param name="Words">The words so far, without the name of the tool; empty: none.</param>
/// <param name="Commands">The words that may come next, each with what it does.</param>
/// <param name="Flags">The flags that may come next.</param>
/// <param name="Argument">The word without a flag that may come next; null: none.</param>
internal sealed record CompletionPlace(
    string Words, IReadOnlyList<(string Name, string Summary)> Commands, IReadOnlyList<HelpFlag> Flags, HelpFlag? Argument)
{
    /// <summary>Every place that a script has to know: the tool itself first.</summary>
    public static IReadOnlyList<CompletionPlace> All()
    {
        List<CompletionPlace> places =
        [
            new("", Listed(CommandTree.Commands), [new([CommandRun.HelpFlag], "", "Show every command, or the help on one."), new(["--version"], "", "Tell the version.")], null),
            new(CommandRun.HelpFlag, [.. HelpTopics.All.Select(topic => (topic.Name, topic.Title)), .. Listed(CommandTree.Commands)], [], null),
        ];
        foreach (CommandNode node in CommandTree.All)
        {
            HelpPage page = HelpPage.Of(node);
            places.Add(new CompletionPlace(node.Words, Listed(page.Commands), page.Flags, page.Arguments.Count > 0 ? page.Arguments[0] : null));
        }

        return places;
    }

    /// <summary>The words that have commands below them.</summary>
    public static IEnumerable<string> Groups => CommandTree.Commands.Where(node => node.IsGroup).Select(node => node.Name);

    private static List<(string Name, string Summary)> Listed(IEnumerable<CommandNode> nodes) =>
        [.. nodes.Where(node => !node.IsHidden).Select(node => (node.Name, node.Summary))];
}
