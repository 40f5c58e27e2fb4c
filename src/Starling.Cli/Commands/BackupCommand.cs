using System.CommandLine;
using Starling.Cli.Flags;
using Starling.Cli.Progress;
using Starling.Server.Control;

namespace Starling.Cli.Commands;

/// <summary><c>starling backup</c>: a copy of the data directory of a running broker.</summary>
internal sealed class BackupCommand : ICommand
{
    private readonly Argument<string> _target = FlagKinds.Word("DIR", "The directory to write: absent or empty.");
    private readonly StoreFlags _flags = new("The data directory of the broker.");

    public BackupCommand()
    {
        Syntax = new FlagSet { _target };
        _flags.AddTo(Syntax);
    }

    public Command Syntax { get; }

    public IReadOnlyList<string> Examples { get; } =
    [
        "starling backup /srv/backup/monday",
        "starling backup --data /var/lib/starling /srv/backup/monday",
        "starling backup --data /var/lib/starling --progress none /srv/backup/monday",
    ];

    public IReadOnlyDictionary<string, string> Unsupported { get; } = new Dictionary<string, string>();

    public string HelpEnd =>
        """
        The broker goes on serving meanwhile; the copy is as of one moment. The broker writes it, so its user needs access to the target.
        Run it as the user of the broker or as root. Ctrl+C gives it up and removes what was written.
        A broker that is stopped needs no backup command: copy its directory. `starling restore` makes a data directory of a backup.
        Exit code: 0; 3 when the target is not empty; 4 when no broker runs on the data directory; 7 when it ended meanwhile; 13 when it refuses.
        """;

    public Task<int> RunAsync(ParseResult parsed, CommandEnvironment environment)
    {
        FlagReader flags = new(parsed);
        (string directory, ProgressMode mode) = _flags.Read(flags, environment);
        string target = flags.Text(_target) ?? "";
        if (target.Length == 0)
        {
            flags.Refuse("backup needs a directory to write. For example starling backup /srv/backup/monday.");
        }

        return flags.Error is string error
            ? Task.FromResult(environment.RefuseUsage(error))
            : StoreRun.RunAsync(environment, () => BackupAsync(directory, target, mode, environment));
    }

    private static async Task<int> BackupAsync(string directory, string target, ProgressMode mode, CommandEnvironment environment)
    {
        try
        {
            using StoreProgressView progress = new(environment.Words, mode, environment);
            await ControlClient.BackupAsync(directory, target, progress, environment.Interrupted).ConfigureAwait(false);
        }
        catch (ControlException e)
        {
            environment.Error.WriteLine($"starling: {e.Message}");
            return e.Failure switch
            {
                ControlFailure.NoBroker => ExitCode.CannotConnect,
                ControlFailure.Lost => ExitCode.ConnectionLost,
                _ => ExitCode.Refused,
            };
        }

        environment.Error.WriteLine($"The backup in {Path.GetFullPath(target)} is complete.");
        return ExitCode.Ok;
    }
}
