using System.CommandLine;
using Starling.Cli.Contexts;
using Starling.Cli.Flags;

namespace Starling.Cli.Commands;

/// <summary><c>starling complete</c>: what the completion scripts ask for, one word a line. Never complains: somebody is typing.</summary>
internal sealed class CompleteCommand : ICommand
{
    /// <summary>The word that asks for the names of contexts.</summary>
    public const string Contexts = "contexts";

    private readonly Argument<string> _what = FlagKinds.Word("WHAT", $"{Contexts}: the names of the contexts.");

    public CompleteCommand() => Syntax = new FlagSet { _what };

    public Command Syntax { get; }

    public IReadOnlyList<string> Examples { get; } = [$"starling complete {Contexts}"];

    public IReadOnlyDictionary<string, string> Unsupported { get; } = new Dictionary<string, string>();

    public string HelpEnd => "";

    public Task<int> RunAsync(ParseResult parsed, CommandEnvironment environment)
    {
        if (new FlagReader(parsed).Text(_what) != Contexts)
        {
            return Task.FromResult(environment.RefuseUsage($"complete needs a word: {Contexts}."));
        }

        try
        {
            ContextSet contexts = ContextFile.Read(environment with { Error = TextWriter.Null });
            environment.WriteText(string.Join('\n', contexts.Contexts.Select(context => context.Name)));
            return Task.FromResult(ExitCode.Ok);
        }
        catch (ContextException)
        {
            return Task.FromResult(ExitCode.Usage);
        }
    }
}
