namespace Starling.Cli.Tree;

/// <summary>One place of the command tree: a command, or a word that has commands below it.</summary>
/// <param name="Name">The word that calls it.</param>
/// <param name="Summary">One sentence.</param>
/// <param name="Create">Makes the command when it is called, and not before: a start is quick; null for a word with commands below it.</param>
internal sealed record CommandNode(string Name, string Summary, Func<ICommand>? Create = null)
{
    /// <summary>The commands below it; made when they are asked for.</summary>
    public Func<IReadOnlyList<CommandNode>>? Inner { private get; init; }

    /// <summary>Whether it is for programs, and neither listed nor completed.</summary>
    public bool IsHidden { get; init; }

    /// <summary>The words that call it, as in <c>store verify</c>.</summary>
    public string Words { get; private init; } = Name;

    /// <summary>Whether there are commands below it.</summary>
    public bool IsGroup => Inner is not null;

    public IEnumerable<CommandNode> Children => Inner is null ? [] : Inner().Select(child => child with { Words = $"{Words} {child.Name}" });

    /// <summary>The one below it with this name; null when there is none.</summary>
    public CommandNode? Find(string name) => Children.FirstOrDefault(child => child.Name == name);
}
