using System.CommandLine;
using Starling.Cli.Contexts;
using Starling.Cli.Flags;

namespace Starling.Cli.Commands;

/// <summary><c>starling context add</c>: keeps the flags of a connection under a name.</summary>
internal sealed class ContextAddCommand : ICommand
{
    private readonly ConnectionFlags _connection = new();
    private readonly Argument<string> _name = FlagKinds.Word("NAME", "What it is called.");
    private readonly Option<bool> _replace = FlagKinds.Switch("--replace", "Take the place of the context of this name.");

    public ContextAddCommand()
    {
        Syntax = new FlagSet { _name, _replace };
        _connection.AddTo(Syntax);
    }

    public Command Syntax { get; }

    public IReadOnlyList<string> Examples { get; } =
    [
        "starling context add home -h broker.local -u me --password-file ~/.broker",
        "starling context add test -L mqtt://localhost:1884 -V 311",
        "starling context add home --replace -h 192.0.2.7 -i desk",
    ];

    public IReadOnlyDictionary<string, string> Unsupported => ConnectionFlags.Unsupported;

    public string HelpEnd =>
        """
        Every command that connects takes the context with --context NAME; a flag given beside it counts more.
        The file, starling/contexts.json in the folder of settings, is for its owner only. A password of -P or -L stands in it as it is:
        --password-file and --password-env keep only where it is found, and with -P - each use asks for it. Paths are kept as absolute ones.
        Exit code: 0; 3 when the name is taken, or a flag is wrong.
        """;

    public Task<int> RunAsync(ParseResult parsed, CommandEnvironment environment)
    {
        FlagReader flags = new(parsed);
        string name = flags.Text(_name) ?? "";
        if (!SavedContext.IsName(name))
        {
            flags.Refuse($"context add needs a name: {SavedContext.NameRule}. For example starling context add home -h broker.local.");
        }

        if (Given(parsed, ContextFlags.Name) is not null)
        {
            flags.Refuse($"{ContextFlags.Name} cannot go with context add, which makes one.");
        }

        // What is wrong is said now and not at the first use; what the surroundings name is no part of it, and -P - asks at each use.
        string? passwordVariable = Given(parsed, ServerFlags.PasswordVariableFlag);
        _ = _connection.Read(flags, environment with
        {
            Variable = name => name == passwordVariable ? "" : null,
            Input = Stream.Null,
            ReadKey = null,
            Error = TextWriter.Null,
        });
        if (flags.Error is string error)
        {
            return Task.FromResult(environment.RefuseUsage(error));
        }

        SavedContext context = new(name, FindKept(parsed));
        return context.Flags.Count == 0
            ? Task.FromResult(environment.RefuseUsage("context add needs a flag to keep. For example starling context add home -h broker.local."))
            : ContextRun.RunAsync(environment, () => Add(context, flags.IsGiven(_replace), environment));
    }

    private string? Given(ParseResult parsed, string flag) =>
        Syntax.Options.OfType<Option<string>>().Where(option => option.Name == flag).Select(parsed.GetValue).FirstOrDefault();

    private Dictionary<string, string?> FindKept(ParseResult parsed)
    {
        Dictionary<string, string?> kept = [];
        foreach (Option option in Syntax.Options.Where(option => ContextFlags.IsKept(option) && option != _replace))
        {
            if (parsed.GetResult(option) is { Implicit: false })
            {
                string? value = option is Option<string> text ? parsed.GetValue(text) : null;
                kept[option.Name.TrimStart('-')] = value is not null && option.HelpName is "FILE" or "DIR" or "PATH" ? Path.GetFullPath(value) : value;
            }
        }

        return kept;
    }

    private static string? Add(SavedContext context, bool replaces, CommandEnvironment environment)
    {
        ContextSet contexts = ContextFile.Read(environment);
        if (contexts.Find(context.Name) is not null && !replaces)
        {
            return $"there is a context {context.Name} already; --replace takes its place.";
        }

        ContextFile.Write(contexts.With(context), environment);
        environment.Error.WriteLine($"Context {context.Name} is kept. Use it with --context {context.Name}, or always: starling context use {context.Name}");
        return null;
    }
}
