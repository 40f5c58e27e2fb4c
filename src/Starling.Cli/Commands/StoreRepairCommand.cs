using System.CommandLine;
using Starling.Cli.Flags;
using Starling.Cli.Progress;
using Starling.Storage;

namespace Starling.Cli.Commands;

/// <summary><c>starling store repair</c>: makes a damaged data directory whole again, with what can be saved.</summary>
internal sealed class StoreRepairCommand : ICommand
{
    private readonly StoreFlags _flags = new("The directory to repair.");

    public StoreRepairCommand()
    {
        Syntax = new FlagSet();
        _flags.AddTo(Syntax);
    }

    public Command Syntax { get; }

    public IReadOnlyList<string> Examples { get; } =
    [
        "starling store repair",
        "starling store repair --data /var/lib/starling",
        "cp -a /var/lib/starling /srv/copy && starling store repair --data /srv/copy",
    ];

    public IReadOnlyDictionary<string, string> Unsupported { get; } = new Dictionary<string, string>();

    public string HelpEnd =>
        """
        The broker must be stopped. Messages in what was damaged are lost: restore a backup instead, if there is a recent one.
        Nothing is thrown away: what was taken out is kept in the directory, with a report.
        """;

    public Task<int> RunAsync(ParseResult parsed, CommandEnvironment environment)
    {
        FlagReader flags = new(parsed);
        (string directory, ProgressMode mode) = _flags.Read(flags, environment);
        if (flags.Error is string error)
        {
            return Task.FromResult(environment.RefuseUsage(error));
        }

        return StoreRun.RunAsync(environment, () =>
        {
            RepairReport report;
            using (StoreProgressView progress = new(environment.Words, mode, environment))
            {
                report = StoreTools.Repair(directory, progress, environment.Interrupted);
            }

            environment.WriteText(StoreText.Of(report, directory));
            return ExitCode.Ok;
        });
    }
}
