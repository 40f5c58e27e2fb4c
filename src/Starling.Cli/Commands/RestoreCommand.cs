using System.CommandLine;
using Starling.Cli.Flags;
using Starling.Cli.Progress;
using Starling.Storage;

namespace Starling.Cli.Commands;

/// <summary><c>starling restore</c>: makes a data directory of a backup.</summary>
internal sealed class RestoreCommand : ICommand
{
    private readonly Argument<string> _backup = FlagKinds.Word("DIR", "The directory that `starling backup` has written.");
    private readonly StoreFlags _flags = new("The data directory to make: absent or empty.");

    public RestoreCommand()
    {
        Syntax = new FlagSet { _backup };
        _flags.AddTo(Syntax);
    }

    public Command Syntax { get; }

    public IReadOnlyList<string> Examples { get; } =
    [
        "starling restore /srv/backup/monday",
        "starling restore --data /var/lib/starling /srv/backup/monday",
        "starling restore --data /srv/other /srv/backup/monday && starling serve --data /srv/other",
    ];

    public IReadOnlyDictionary<string, string> Unsupported { get; } = new Dictionary<string, string>();

    public string HelpEnd =>
        """
        The broker must be stopped. The backup is checked and stays as it is. Ctrl+C removes what was written.
        Exit code: 0; 3 when the data directory is not empty; 21 to 24 as for serve.
        """;

    public Task<int> RunAsync(ParseResult parsed, CommandEnvironment environment)
    {
        FlagReader flags = new(parsed);
        (string directory, ProgressMode mode) = _flags.Read(flags, environment);
        string backup = flags.Text(_backup) ?? "";
        if (backup.Length == 0)
        {
            flags.Refuse("restore needs the directory of a backup. For example starling restore /srv/backup/monday.");
        }

        if (flags.Error is string error)
        {
            return Task.FromResult(environment.RefuseUsage(error));
        }

        return StoreRun.RunAsync(environment, () =>
        {
            using (StoreProgressView progress = new(environment.Words, mode, environment))
            {
                StoreTools.Restore(backup, directory, progress, environment.Interrupted);
            }

            environment.Error.WriteLine($"{Path.GetFullPath(directory)} is restored from {Path.GetFullPath(backup)}.");
            return ExitCode.Ok;
        });
    }
}
