namespace Starling.Cli.Tree;

/// <summary>Commands that belong together in the overview.</summary>
/// <param name="Title">What they are for, in one word.</param>
/// <param name="Commands">In the order in which they are listed.</param>
internal sealed record CommandGroup(string Title, IReadOnlyList<CommandNode> Commands);
