using System.CommandLine;
using Starling.Bench.Observing;
using Starling.Bench.Settings;
using Starling.Cli.Flags;
using Starling.Cli.Progress;

namespace Starling.Cli.Commands;

/// <summary>A command <c>starling bench SCENARIO</c>: makes load, checks every message, and tells figures.</summary>
internal sealed class BenchCommand : ICommand
{
    private readonly BenchScenario _scenario;
    private readonly BenchFlags _flags;
    private readonly BenchTargetFlags _target = new();
    private readonly BenchFileFlags _files = new();
    private readonly Option<string> _brokerPid = FlagKinds.Value(
        "--broker-pid", "PID", "The server's process on this machine: tells its processor time and memory.");
    private readonly Option<string> _progress = ProgressFlag.Create();

    public BenchCommand(BenchScenario scenario)
    {
        BenchDefaults defaults = BenchDefaults.Of(scenario);
        _scenario = scenario;
        _flags = new BenchFlags(scenario, defaults);
        Syntax = new FlagSet();
        _flags.AddTo(Syntax);
        Syntax.Add(_brokerPid);
        _files.AddTo(Syntax);
        Syntax.Add(_progress);
        _target.AddTo(Syntax);
    }

    public Command Syntax { get; }

    public IReadOnlyList<string> Examples => BenchExamples.Of(_scenario);

    public IReadOnlyDictionary<string, string> Unsupported => BenchTargetFlags.Unsupported;

    public string HelpEnd =>
        """
        Exit code: 0; 2 when the server broke a promise of the QoS, when a run at a rate was limited by the generator (RESULT INVALID), or
        when a figure is worse than that of --compare; 4 when the server is not there, 5 when it refuses the clients, 7 when a connection
        was lost, 12 or 13 when it refuses a message or subscription, 27 when it stands still; 130 after Ctrl+C, which ends the run with
        what it has found so far.
        """;

    public async Task<int> RunAsync(ParseResult parsed, CommandEnvironment environment)
    {
        FlagReader flags = new(parsed);
        ConnectionSettings connection = _target.Read(flags, environment);
        BenchSettings settings = _flags.Read(flags, connection, environment.NewSeed());
        BenchFiles files = _files.Read(flags, _scenario);
        IBrokerProcess? broker = ReadProcess(flags);
        ProgressMode progress = ProgressFlag.Read(flags, _progress);
        return flags.Error is string error
            ? environment.RefuseUsage(error)
            : await new BenchCommandRun(connection, files, broker, environment).RunAsync(settings, progress).ConfigureAwait(false);
    }

    private LinuxProcess? ReadProcess(FlagReader flags)
    {
        int id = (int)flags.Number(_brokerPid, 1, int.MaxValue, 0);
        if (id == 0)
        {
            return null;
        }

        if (!OperatingSystem.IsLinux())
        {
            flags.Refuse("--broker-pid needs Linux, where the use of another process can be read. Leave it out.");
            return null;
        }

        LinuxProcess? process = LinuxProcess.TryOpen(id);
        if (process is null)
        {
            flags.Refuse($"--broker-pid {id}: there is no such process on this machine. For example --broker-pid $(pidof mosquitto).");
        }

        return process;
    }
}
