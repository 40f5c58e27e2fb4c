using System.CommandLine;
using Starling.Cli.Contexts;
using Starling.Cli.Flags;

namespace Starling.Cli.Commands;

/// <summary><c>starling context rm</c>: forgets a context.</summary>
internal sealed class ContextRemoveCommand : ICommand
{
    private readonly Argument<string> _name = FlagKinds.Word("CONTEXT", "The context to forget.");

    public ContextRemoveCommand() => Syntax = new FlagSet { _name };

    public Command Syntax { get; }

    public IReadOnlyList<string> Examples { get; } =
    [
        "starling context rm test",
        "starling context rm home",
        "starling context rm old-broker",
    ];

    public IReadOnlyDictionary<string, string> Unsupported { get; } = new Dictionary<string, string>();

    public string HelpEnd => "Exit code: 0; 3 when there is no such context.";

    public Task<int> RunAsync(ParseResult parsed, CommandEnvironment environment) => ContextRun.RunAsync(environment, () =>
    {
        ContextSet contexts = ContextFile.Read(environment);
        string name = new FlagReader(parsed).Text(_name) ?? "";
        if (name.Length == 0)
        {
            return "context rm needs a name. For example starling context rm test.";
        }

        if (contexts.Find(name) is null)
        {
            return contexts.ExplainMissing(name);
        }

        ContextFile.Write(contexts.Without(name), environment);
        return null;
    });
}
