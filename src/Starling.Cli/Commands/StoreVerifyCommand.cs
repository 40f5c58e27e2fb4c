using System.CommandLine;
using Starling.Cli.Flags;
using Starling.Cli.Output;
using Starling.Cli.Progress;
using Starling.Storage;

namespace Starling.Cli.Commands;

/// <summary><c>starling store verify</c>: reads every byte of a data directory and says what is damaged.</summary>
internal sealed class StoreVerifyCommand : ICommand
{
    private readonly StoreFlags _flags = new("The directory to check.");
    private readonly Option<string> _output = OutputFlag.Create();

    public StoreVerifyCommand()
    {
        Syntax = new FlagSet { _output };
        _flags.AddTo(Syntax);
    }

    public Command Syntax { get; }

    public IReadOnlyList<string> Examples { get; } =
    [
        "starling store verify",
        "starling store verify --data /var/lib/starling",
        "starling store verify --data /srv/backup --output json",
    ];

    public IReadOnlyDictionary<string, string> Unsupported { get; } = new Dictionary<string, string>();

    public string HelpEnd =>
        """
        The broker must be stopped; a backup can be verified at any time.
        Exit code: 0; 2 when something is damaged, with a line for each finding; 21 to 23 as for serve.
        """;

    public Task<int> RunAsync(ParseResult parsed, CommandEnvironment environment)
    {
        FlagReader flags = new(parsed);
        (string directory, ProgressMode mode) = _flags.Read(flags, environment);
        OutputFormat format = OutputFlag.Read(flags, _output, environment);
        return flags.Error is string error
            ? Task.FromResult(environment.RefuseUsage(error))
            : StoreRun.RunAsync(environment, () => Verify(directory, mode, format, environment));
    }

    private static int Verify(string directory, ProgressMode mode, OutputFormat format, CommandEnvironment environment)
    {
        StoreReport report;
        using (StoreProgressView progress = new(environment.Words, mode, environment))
        {
            report = StoreTools.Verify(directory, progress, environment.Interrupted);
        }

        if (format == OutputFormat.Table)
        {
            environment.WriteText(StoreText.Of(report));
        }
        else
        {
            // The findings alone are data.
            StoreRows.Write(report, format, environment);
            environment.Error.WriteLine($"starling: {StoreText.Sum(report)}");
        }

        return report.Findings.Count == 0 ? ExitCode.Ok : ExitCode.ProblemsFound;
    }
}
