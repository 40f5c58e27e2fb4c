using System.CommandLine;
using Starling.Cli.Flags;

namespace Starling.Cli.Commands;

/// <summary><c>starling conform</c>: tests a broker against the statements of the specifications.</summary>
internal sealed class ConformCommand : ICommand
{
    private readonly ConformFlags _flags = new();

    public ConformCommand()
    {
        Syntax = new FlagSet();
        _flags.AddTo(Syntax);
    }

    public Command Syntax { get; }

    public IReadOnlyList<string> Examples { get; } =
    [
        "starling conform -L mqtt://localhost:1883",
        "starling conform -L mqtt://localhost -V 5 --section 3.3 --id MQTT-4.3.2-4",
        "starling conform -L mqtt://localhost --compare mqtt://other:1884 --html report.html --quiet",
    ];

    public IReadOnlyDictionary<string, string> Unsupported => ConformFlags.Unsupported;

    public string HelpEnd =>
        """
        The broker should have no other work: the suite publishes below conform/, connects some thousand times, and takes up to a minute.
        Verdicts: passed; FAILED, a mandatory statement is broken; advice, the broker does not do what the specification only advises;
        not tested, with the reason.
        Exit code: 0; 2 when a statement is broken; 4 when the broker is not there, 5 when it refuses the client, 7 when it was lost
        half-way. It is about the broker of -L; of those of --compare it only tells that one could not be tested to the end.
        """;

    public async Task<int> RunAsync(ParseResult parsed, CommandEnvironment environment)
    {
        FlagReader flags = new(parsed);
        ConformSettings settings = _flags.Read(flags, environment);
        return flags.Error is string error
            ? environment.RefuseUsage(error)
            : await new ConformRun(settings, environment).RunAsync().ConfigureAwait(false);
    }
}
