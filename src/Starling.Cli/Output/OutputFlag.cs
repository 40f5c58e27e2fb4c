using System.CommandLine;
using Starling.Cli.Flags;

namespace Starling.Cli.Output;

/// <summary><c>--output</c>: how rows are printed.</summary>
internal static class OutputFlag
{
    private static readonly (string Word, OutputFormat Value)[] Formats =
        [("table", OutputFormat.Table), ("json", OutputFormat.Json), ("jsonl", OutputFormat.JsonLines), ("csv", OutputFormat.Csv)];

    public static Option<string> Create() => FlagKinds.Value(
        "--output", "table|json|jsonl|csv", "How it is printed. Default: table on a terminal, else jsonl, an object in each line.");

    public static OutputFormat Read(FlagReader flags, Option<string> option, CommandEnvironment environment) =>
        flags.Choice(option, Formats, environment.IsOutputTerminal ? OutputFormat.Table : OutputFormat.JsonLines);
}
