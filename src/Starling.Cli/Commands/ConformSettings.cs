using Starling.Cli.Flags;
using Starling.Conformance.Specification;
using Starling.Protocol;

namespace Starling.Cli.Commands;

/// <summary>What the flags of <c>conform</c> say.</summary>
internal sealed record ConformSettings
{
    /// <summary>The servers to test: first the one that the exit code is about, then those to compare it with.</summary>
    public required IReadOnlyList<ServerSettings> Servers { get; init; }

    public required IReadOnlyList<MqttVersion> Versions { get; init; }

    /// <summary>Which statements are tested; null: all.</summary>
    public Predicate<Statement>? IsWanted { get; init; }

    public string? JsonFile { get; init; }

    public string? JUnitFile { get; init; }

    public string? HtmlFile { get; init; }

    /// <summary>Prints failures and the summary only.</summary>
    public bool IsQuiet { get; init; }

    /// <summary>Prints verdicts in colours.</summary>
    public bool IsColoured { get; init; }
}
