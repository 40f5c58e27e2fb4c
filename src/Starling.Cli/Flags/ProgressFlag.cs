using System.CommandLine;
using Starling.Cli.Progress;

namespace Starling.Cli.Flags;

/// <summary><c>--progress</c>: how a command says how far it is.</summary>
internal static class ProgressFlag
{
    private static readonly (string Word, ProgressMode Value)[] Modes =
        [("auto", ProgressMode.Auto), ("live", ProgressMode.Live), ("plain", ProgressMode.Plain), ("none", ProgressMode.None)];

    public static Option<string> Create() => FlagKinds.Value(
        "--progress", "auto|live|plain|none", "Say how far it is, on the standard error: live is a line that changes, plain a line each second. Default auto: live on a terminal, else plain.");

    public static ProgressMode Read(FlagReader flags, Option<string> option) => flags.Choice(option, Modes, ProgressMode.Auto);
}
