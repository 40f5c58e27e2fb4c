using System.CommandLine;
using Starling.Cli.Contexts;
using Starling.Cli.Flags;

namespace Starling.Cli.Commands;

/// <summary><c>starling context use</c>: chooses the context that is meant when none is named.</summary>
internal sealed class ContextUseCommand : ICommand
{
    private const string None = "-";

    private readonly Argument<string> _name = FlagKinds.Word("CONTEXT", "The context to use from now on; - for none.");

    public ContextUseCommand() => Syntax = new FlagSet { _name };

    public Command Syntax { get; }

    public IReadOnlyList<string> Examples { get; } =
    [
        "starling context use home",
        "starling context use test",
        "starling context use -",
    ];

    public IReadOnlyDictionary<string, string> Unsupported { get; } = new Dictionary<string, string>();

    public string HelpEnd =>
        $"""
        It counts less than --context and ${VariableNames.Context}, and is left out when -h or -L names a server.
        Exit code: 0; 3 when there is no such context.
        """;

    public Task<int> RunAsync(ParseResult parsed, CommandEnvironment environment) => ContextRun.RunAsync(environment, () =>
    {
        ContextSet contexts = ContextFile.Read(environment);
        string name = new FlagReader(parsed).Text(_name) ?? "";
        if (name.Length == 0)
        {
            return "context use needs a name, or - for none. For example starling context use home.";
        }

        if (name != None && contexts.Find(name) is null)
        {
            return contexts.ExplainMissing(name);
        }

        ContextFile.Write(contexts with { Current = name == None ? null : name }, environment);
        return null;
    });
}
