using System.CommandLine;
using Starling.Cli.Flags;
using Starling.Cli.Output;
using Starling.Storage;

namespace Starling.Cli.Commands;

/// <summary><c>starling store info</c>: what a data directory holds.</summary>
internal sealed class StoreInfoCommand : ICommand
{
    private readonly DataFlag _data = new("The directory to look into.");
    private readonly Option<string> _output = OutputFlag.Create();

    public StoreInfoCommand() => Syntax = new FlagSet { _data.Option, _output };

    public Command Syntax { get; }

    public IReadOnlyList<string> Examples { get; } =
    [
        "starling store info",
        "starling store info --data /var/lib/starling",
        "starling store info --data /srv/backup --output json",
    ];

    public IReadOnlyDictionary<string, string> Unsupported { get; } = new Dictionary<string, string>();

    public string HelpEnd => "The broker must be stopped; a running one publishes these figures as $SYS topics.";

    public Task<int> RunAsync(ParseResult parsed, CommandEnvironment environment)
    {
        FlagReader flags = new(parsed);
        string directory = _data.Read(flags, environment);
        OutputFormat format = OutputFlag.Read(flags, _output, environment);
        if (flags.Error is string error)
        {
            return Task.FromResult(environment.RefuseUsage(error));
        }

        return StoreRun.RunAsync(environment, () =>
        {
            StoreInfo info = StoreTools.ReadInfo(directory);
            if (format == OutputFormat.Table)
            {
                environment.WriteText(StoreText.Of(info));
            }
            else
            {
                StoreRows.Write(info, format, environment);
            }

            return ExitCode.Ok;
        });
    }
}
