using System.CommandLine;
using System.Text;
using Starling.Cli.Flags;
using Starling.Cli.Progress;
using Starling.Storage;

namespace Starling.Cli.Commands;

/// <summary><c>starling store import</c>: makes a data directory of lines of JSON.</summary>
internal sealed class StoreImportCommand : ICommand
{
    private readonly Argument<string> _file = FlagKinds.Word("FILE", "What `starling store export` has written; - or none: the standard input.");
    private readonly StoreFlags _flags = new("The directory to make: absent or empty.");

    public StoreImportCommand()
    {
        Syntax = new FlagSet { _file };
        _flags.AddTo(Syntax);
    }

    public Command Syntax { get; }

    public IReadOnlyList<string> Examples { get; } =
    [
        "starling store import state.jsonl",
        "starling store import --data /var/lib/starling state.jsonl",
        "zcat state.jsonl.gz | starling store import --data /var/lib/starling",
    ];

    public IReadOnlyDictionary<string, string> Unsupported { get; } = new Dictionary<string, string>();

    public string HelpEnd => "Exit code: 0; 2 when a line is wrong, which is named, and nothing is made; 3 when the directory is not empty.";

    public Task<int> RunAsync(ParseResult parsed, CommandEnvironment environment)
    {
        FlagReader flags = new(parsed);
        (string directory, ProgressMode mode) = _flags.Read(flags, environment);
        string? file = flags.Text(_file);
        Stream? input = flags.Error is null ? OpenInput(flags, file, environment) : null;
        if (input is null)
        {
            return Task.FromResult(environment.RefuseUsage(flags.Error ?? ""));
        }

        return StoreRun.RunAsync(environment, () =>
        {
            using StreamReader reader = new(input, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, bufferSize: 64 << 10, leaveOpen: file is null or "-");
            if (reader.Peek() < 0)
            {
                // An export that failed in a pipe must not become an empty data directory.
                environment.Error.WriteLine($"starling: {file ?? "-"}: there is nothing to import. Nothing was made.");
                return ExitCode.ProblemsFound;
            }

            ImportReport report;
            try
            {
                using StoreProgressView progress = new(environment.Words, mode, environment);
                report = StoreTools.Import(directory, reader, progress, environment.Interrupted);
            }
            catch (StoreException e) when (e.Failure == StoreFailure.Usage)
            {
                environment.Error.WriteLine($"starling: {file ?? "-"}: {e.Message}. Nothing was made.");
                return ExitCode.ProblemsFound;
            }

            environment.WriteText(StoreText.Of(report));
            return ExitCode.Ok;
        });
    }

    private static Stream? OpenInput(FlagReader flags, string? file, CommandEnvironment environment)
    {
        try
        {
            return file is null or "-" ? environment.Input : new FileStream(file, FileMode.Open, FileAccess.Read);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            flags.Refuse($"{file} cannot be read: {e.Message}");
            return null;
        }
    }
}
