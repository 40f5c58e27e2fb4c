using System.CommandLine;

namespace Starling.Cli.Flags;

/// <summary><c>--data</c>: the data directory, with the same default in every command.</summary>
internal sealed class DataFlag(string description)
{
    private const string Variable = VariableNames.Data;
    private const string Name = "starling";

    public Option<string> Option { get; } = FlagKinds.Value(
        "--data", "DIR", $"{description} Default ${Variable}, else $XDG_DATA_HOME/{Name}, else ~/.local/share/{Name}.");

    /// <summary>The directory that the flag or the surroundings name.</summary>
    public string Read(FlagReader flags, CommandEnvironment environment)
    {
        string? named = flags.Text(Option);
        if (named is null)
        {
            string? usual = Default(environment);
            if (usual is null)
            {
                flags.Refuse($"there is no data directory by default here, since neither {Variable} nor HOME is set. Name one with --data DIR.");
            }

            return usual ?? "";
        }

        Check(flags, "--data", named);
        return named;
    }

    /// <summary>A path that the system cannot have is refused before anything is done.</summary>
    public static void Check(FlagReader flags, string flag, string path)
    {
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
        {
            flags.Refuse($"{flag} needs the path of a directory. For example {flag} /var/lib/starling.");
        }
    }

    /// <summary>The directory when none is named; null where the surroundings name no home.</summary>
    public static string? Default(CommandEnvironment environment)
    {
        if (environment.Variable(Variable) is { Length: > 0 } own)
        {
            return own;
        }

        // A relative path there is to be ignored, says the specification of these variables.
        if (environment.Variable(VariableNames.DataHome) is string shared && Path.IsPathFullyQualified(shared))
        {
            return Path.Join(shared, Name);
        }

        if (OperatingSystem.IsWindows() && environment.Variable(VariableNames.WindowsData) is { Length: > 0 } local)
        {
            return Path.Join(local, Name);
        }

        return environment.Variable(VariableNames.Home) is string home && Path.IsPathFullyQualified(home) ? Path.Join(home, ".local", "share", Name) : null;
    }
}
