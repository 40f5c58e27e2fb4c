using Starling.Cli.Formatting;

namespace Starling.Cli.Commands;

/// <summary>How received messages are printed.</summary>
internal sealed record PrintSettings
{
    /// <summary>Prints the topic too.</summary>
    public bool IsVerbose { get; init; }

    /// <summary>Adds no line feed.</summary>
    public bool IsWithoutEnd { get; init; }

    /// <summary>Of -F and --json; null: the payload.</summary>
    public MessageFormat? Format { get; init; }

    /// <summary>JSON over several lines.</summary>
    public bool IsPretty { get; init; }

    /// <summary>Each topic keeps its line of the terminal.</summary>
    public bool IsWatch { get; init; }

    /// <summary>Counts instead of printing.</summary>
    public bool IsStats { get; init; }
}
