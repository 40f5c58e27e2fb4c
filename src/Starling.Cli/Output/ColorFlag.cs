using System.CommandLine;
using Starling.Cli.Flags;

namespace Starling.Cli.Output;

/// <summary><c>--color</c>: whether what is printed has colours.</summary>
internal static class ColorFlag
{
    private static readonly (string Word, bool? Value)[] Choices = [("auto", null), ("always", true), ("never", false)];

    public static Option<string> Create() => FlagKinds.Value(
        "--color", "auto|always|never", $"Print in colours. Default auto: on a terminal, unless ${VariableNames.NoColor} is set.");

    /// <summary>Whether to print in colours.</summary>
    /// <param name="flags">Keeps what is wrong.</param>
    /// <param name="option">The flag.</param>
    /// <param name="isTerminal">Whether it goes to a terminal.</param>
    /// <param name="environment">May ask for none.</param>
    public static bool Read(FlagReader flags, Option<string> option, bool isTerminal, CommandEnvironment environment) =>
        flags.Choice(option, Choices, null) ?? (isTerminal && string.IsNullOrEmpty(environment.Variable(VariableNames.NoColor)));
}
