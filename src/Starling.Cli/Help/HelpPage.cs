using Starling.Cli.Tree;

namespace Starling.Cli.Help;

/// <summary>All that there is to say about one place of the command tree, before it is laid out.</summary>
internal sealed record HelpPage
{
    private const int ExampleCount = 3;
    private static readonly HelpFlag Help = new([CommandRun.HelpFlag], "", "Show this.");

    /// <summary>The words that call it, without the name of the tool.</summary>
    public required string Words { get; init; }

    public required string Summary { get; init; }

    public required IReadOnlyList<string> Examples { get; init; }

    /// <summary>The words without a flag.</summary>
    public IReadOnlyList<HelpFlag> Arguments { get; init; } = [];

    public IReadOnlyList<HelpFlag> Flags { get; init; } = [];

    /// <summary>The commands below a word that is none itself.</summary>
    public IReadOnlyList<CommandNode> Commands { get; init; } = [];

    /// <summary>Said after the flags; empty for nothing.</summary>
    public string End { get; init; } = "";

    public string Usage => Commands.Count > 0
        ? $"starling {Words} COMMAND [options]"
        : string.Join(' ', ["starling", Words, .. Arguments.Select(word => $"[{word.Value}]"), "[options]"]);

    /// <summary>The page of a place of the tree.</summary>
    public static HelpPage Of(CommandNode node) => node.Create is null ? OfGroup(node) : Of(node, node.Create());

    public static HelpPage Of(CommandNode node, ICommand command) => new()
    {
        Words = node.Words,
        Summary = node.Summary,
        Examples = command.Examples,
        Arguments = [.. command.Syntax.Arguments.Select(HelpFlag.Of)],
        Flags = [.. command.Syntax.Options.Where(option => option.Name != CommandRun.HelpFlag).Select(HelpFlag.Of), Help],
        End = command.HelpEnd.TrimEnd('\n'),
    };

    /// <summary>The page of a word that has commands below it: their first examples are its own.</summary>
    public static HelpPage OfGroup(CommandNode node) => new()
    {
        Words = node.Words,
        Summary = node.Summary,
        Examples = [.. node.Children.Take(ExampleCount).Select(child => Of(child).Examples[0])],
        Commands = [.. node.Children.Where(child => !child.IsHidden)],
        Flags = [Help],
        End = $"starling {node.Words} COMMAND {CommandRun.HelpFlag} shows examples and every flag.",
    };
}
