using System.CommandLine;
using System.Text;
using Starling.Cli.Flags;
using Starling.Cli.Progress;
using Starling.Storage;

namespace Starling.Cli.Commands;

/// <summary><c>starling store export</c>: writes what a data directory holds as lines of JSON.</summary>
internal sealed class StoreExportCommand : ICommand
{
    private readonly Argument<string> _file = FlagKinds.Word("FILE", "Where the lines go; - or none: the standard output.");
    private readonly StoreFlags _flags = new("The directory to export.");

    public StoreExportCommand()
    {
        Syntax = new FlagSet { _file };
        _flags.AddTo(Syntax);
    }

    public Command Syntax { get; }

    public IReadOnlyList<string> Examples { get; } =
    [
        "starling store export state.jsonl",
        "starling store export --data /var/lib/starling state.jsonl",
        "starling store export --data /var/lib/starling | gzip > state.jsonl.gz",
    ];

    public IReadOnlyDictionary<string, string> Unsupported { get; } = new Dictionary<string, string>();

    public string HelpEnd =>
        """
        The broker must be stopped. The lines hold the payloads of messages: keep them as safe as the data directory.
        The file appears when it is complete, with access for its owner only; a file of this name is replaced.
        """;

    public Task<int> RunAsync(ParseResult parsed, CommandEnvironment environment)
    {
        FlagReader flags = new(parsed);
        (string directory, ProgressMode mode) = _flags.Read(flags, environment);
        string? file = flags.Text(_file);
        if (file is not null and not "-" && ReportFile.FindObstacle(file) is string obstacle)
        {
            flags.Refuse($"{file} cannot be written: {obstacle}");
        }

        if (flags.Error is string error)
        {
            return Task.FromResult(environment.RefuseUsage(error));
        }

        return StoreRun.RunAsync(environment, () =>
        {
            using StoreProgressView progress = new(environment.Words, mode, environment);
            if (file is null or "-")
            {
                Write(environment.Output, directory, progress, environment.Interrupted);
            }
            else
            {
                ReportFile.WriteThrough(file, stream => Write(stream, directory, progress, environment.Interrupted));
            }

            return ExitCode.Ok;
        });
    }

    private static void Write(Stream stream, string directory, StoreProgressView progress, CancellationToken interrupted)
    {
        using WatchedStream watched = new(stream);
        using StreamWriter writer = new(watched, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 64 << 10, leaveOpen: true)
        {
            NewLine = "\n",
        };
        try
        {
            StoreTools.Export(directory, writer, progress, interrupted);
            writer.Flush();
        }
        catch (StoreException) when (watched.Failure is IOException)
        {
            // It is the output that failed, and not the directory.
            throw new IOException(watched.Failure.Message, watched.Failure.HResult);
        }
    }
}
