namespace Starling.Cli.Help;

/// <summary>A table of names and what they mean.</summary>
internal sealed record HelpTable(string Title, IReadOnlyList<(string Name, string Meaning)> Rows);
