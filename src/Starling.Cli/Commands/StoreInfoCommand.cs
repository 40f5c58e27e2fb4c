using System.CommandLine;
using Starling.Cli.Flags;
using Starling.Storage;

namespace Starling.Cli.Commands;

/// <summary><c>starling store info</c>: what a data directory holds.</summary>
internal sealed class StoreInfoCommand : ICommand
{
    private readonly DataFlag _data = new("The directory to look into.");

    public StoreInfoCommand() => Syntax = new FlagSet { _data.Option };

    public Command Syntax { get; }

    public IReadOnlyList<string> Examples { get; } =
    [
        "starling store info",
        "starling store info --data /var/lib/starling",
        "starling store info --data /srv/backup",
    ];

    public IReadOnlyDictionary<string, string> Unsupported { get; } = new Dictionary<string, string>();

    public string HelpEnd => "The broker must be stopped; a running one publishes these figures as $SYS topics.";

    public Task<int> RunAsync(ParseResult parsed, CommandEnvironment environment)
    {
        FlagReader flags = new(parsed);
        string directory = _data.Read(flags, environment);
        if (flags.Error is string error)
        {
            return Task.FromResult(environment.RefuseUsage(error));
        }

        return StoreRun.RunAsync(environment, () =>
        {
            environment.WriteText(StoreText.Of(StoreTools.ReadInfo(directory)));
            return ExitCode.Ok;
        });
    }
}
