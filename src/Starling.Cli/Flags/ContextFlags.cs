using System.CommandLine;
using Starling.Cli.Contexts;

namespace Starling.Cli.Flags;

/// <summary>Which flags a context can keep, and which context is meant.</summary>
internal static class ContextFlags
{
    /// <summary>The flag that names one.</summary>
    public const string Name = "--context";

    // Of one run, and not of a connection.
    private static readonly string[] NotKept = [Name, "--debug", "--quiet", CommandRun.HelpFlag];

    private static readonly Lazy<IReadOnlyDictionary<string, bool>> AllKnown = new(FindKnown);

    /// <summary>The long names without dashes; true for a switch.</summary>
    public static IReadOnlyDictionary<string, bool> Known => AllKnown.Value;

    public static Option<string> Create() => FlagKinds.Value(
        Name, "CONTEXT", $"Take the flags that `starling context add` has kept. Default ${VariableNames.Context}, else the one of `starling context use`.");

    /// <summary>Whether a context keeps this flag.</summary>
    public static bool IsKept(Option flag) => flag is Option<string> or Option<bool> && !NotKept.Contains(flag.Name);

    /// <summary>
    /// The context that is meant; null: none. One that no flag asks for is left out when a flag names a server: its password goes nowhere else.
    /// </summary>
    public static SavedContext? Choose(FlagReader flags, Option<string> flag, bool isServerNamed, CommandEnvironment environment)
    {
        string? name = flags.Given(flag);
        if (name is null && isServerNamed)
        {
            return null;
        }

        string source = "";
        if (name is null && environment.Setting(VariableNames.Context) is { } named)
        {
            name = named;
            source = $"{VariableNames.Context}: ";
        }

        try
        {
            ContextSet contexts = ContextFile.Read(environment);
            name ??= contexts.Current;
            SavedContext? context = name is null ? null : contexts.Find(name);
            if (name is not null && context is null)
            {
                flags.Refuse($"{source}{contexts.ExplainMissing(name)}");
            }

            return context;
        }
        catch (ContextException e)
        {
            flags.Refuse(e.Message);
            return null;
        }
    }

    /// <summary>Refuses a context that leads another way than TCP: a command that knows no other must not go there in the clear.</summary>
    public static void RefuseBesideTcp(FlagReader flags)
    {
        foreach (string flag in flags.Context?.Flags.Keys.Select(static name => $"--{name}") ?? [])
        {
            if (flag is not ("--nodelay" or "--id-prefix") && RouteFlags.UnsupportedBesideTcp.TryGetValue(flag, out string? reason))
            {
                flags.Refuse($"context {flags.Context?.Name}: {flag} is not supported: {reason}");
            }
        }
    }

    private static Dictionary<string, bool> FindKnown()
    {
        FlagSet all = [];
        new ConnectionFlags().AddTo(all);
        return all.Options.Where(IsKept).ToDictionary(flag => flag.Name.TrimStart('-'), flag => flag is Option<bool>);
    }
}
