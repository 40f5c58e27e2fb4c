using Starling.Bench.Settings;
using Starling.Cli.Commands;
using Starling.Cli.Mosquitto;
using Starling.Hosting.Settings;

namespace Starling.Cli;

/// <summary>The tool: finds the command, and makes no other.</summary>
internal static class CommandLine
{
    private const string Overview =
        """
        starling: an MQTT broker and its tools

        Run      serve    run the broker
        Talk     pub      publish messages
                 sub      subscribe and print messages
                 rr       publish a request and print the response
                 passwd   add, change and remove users of a password file
        Measure  bench    make load, check every message, tell figures
                 conform  test a broker against every statement of the MQTT specifications
        Keep     backup   copy the data directory of a running broker
                 restore  make a data directory of a backup
                 store    verify, info, export, import, repair: work on the data directory of a stopped broker

        starling COMMAND --help shows examples and every flag of a command.
        starling --help exit-codes lists how the tool ends; starling --version tells the version.
        """;

    private const string StoreOverview =
        """
        starling store: work on the data directory of a stopped broker

        verify   read every byte, and say what is damaged
        info     say what it holds
        export   write what it holds as lines of JSON
        import   make a data directory of such lines
        repair   make a damaged one usable again, with all that can be saved

        starling store COMMAND --help shows examples and every flag. --data DIR names the directory.
        """;

    private const string BenchOverview =
        """
        starling bench: make load, check every message, tell figures

        conn     clients connect and stay
        pub      publish only
        sub      subscribe only
        pair     pairs of one publisher and one subscriber
        fanout   few publishers, many subscribers
        fanin    many publishers, few subscribers
        share    a shared subscription with several members
        rr       requests and their answers
        retain   retained messages, stored and delivered
        churn    connect, subscribe, publish, receive, disconnect, again and again
        offline  sessions that are away and return

        starling bench SCENARIO --help shows examples and every flag.
        """;

    private static readonly string[] CommandNames = ["serve", "pub", "sub", "rr", "passwd", "bench", "conform", "backup", "restore", "store"];
    private static readonly string[] BenchNames = [.. ScenarioNames.All.Select(known => known.Name)];
    private static readonly string[] StoreNames = ["verify", "info", "export", "import", "repair"];

    /// <summary>Runs what the words ask for. Nothing is thrown: whatever goes wrong is said, and is an exit code.</summary>
    public static async Task<int> RunAsync(string[] args, CommandEnvironment environment)
    {
        try
        {
            MosquittoTool tool = MosquittoFace.Find(environment.Program);
            return tool == MosquittoTool.None
                ? await RunCommandAsync(args, environment).ConfigureAwait(false)
                : await MosquittoFace.RunAsync(tool, args, environment).ConfigureAwait(false);
        }
        catch (IOException e) when (OutputFault.IsReaderGone(e))
        {
            return ExitCode.Ok;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            environment.Error.WriteLine($"starling: the output cannot be written: {e.Message}");
            return ExitCode.Unexpected;
        }
        catch (Exception e)
        {
            environment.Error.WriteLine($"starling: unexpected error; please report it with these lines: {e}");
            return ExitCode.Unexpected;
        }
    }

    private static async Task<int> RunCommandAsync(string[] args, CommandEnvironment environment)
    {
        switch (args)
        {
            case [] or ["--help"]:
                environment.WriteText(Overview);
                return ExitCode.Ok;
            case ["--help", "exit-codes"]:
                environment.WriteText(ExitCode.Table);
                return ExitCode.Ok;
            case ["bench"] or ["bench", "--help"] or ["--help", "bench"]:
                environment.WriteText(BenchOverview);
                return ExitCode.Ok;
            case ["bench", string name, .. string[] rest] when CreateBench(name) is ICommand command:
                return await CommandRun.RunAsync(command, rest, environment).ConfigureAwait(false);
            case ["bench", string name, ..]:
                return environment.RefuseUsage($"there is no command bench {name}; {Hint(name, BenchNames, "starling bench")}");
            case ["--help", "bench", string topic] when CreateBench(topic) is ICommand command:
                return await CommandRun.RunAsync(command, ["--help"], environment).ConfigureAwait(false);
            case ["store"] or ["store", "--help"] or ["--help", "store"]:
                environment.WriteText(StoreOverview);
                return ExitCode.Ok;
            case ["store", string name, .. string[] rest] when CreateStore(name) is ICommand command:
                return await CommandRun.RunAsync(command, rest, environment).ConfigureAwait(false);
            case ["store", string name, ..]:
                return environment.RefuseUsage($"there is no command store {name}; {Hint(name, StoreNames, "starling store")}");
            case ["--help", "store", string topic] when CreateStore(topic) is ICommand command:
                return await CommandRun.RunAsync(command, ["--help"], environment).ConfigureAwait(false);
            case ["--help", string topic] when Create(topic) is ICommand command:
                return await CommandRun.RunAsync(command, ["--help"], environment).ConfigureAwait(false);
            case ["--help", string topic, ..]:
                return environment.RefuseUsage($"there is no help on {topic}; use --help exit-codes, or --help {string.Join(", ", CommandNames)}.");
            case ["--version"]:
                environment.WriteText($"starling {typeof(CommandLine).Assembly.GetName().Version?.ToString(3)}");
                return ExitCode.Ok;
            case [string name, .. string[] rest] when Create(name) is ICommand command:
                return await CommandRun.RunAsync(command, rest, environment).ConfigureAwait(false);
            default:
                return environment.RefuseUsage($"there is no command {args[0]}; {Hint(args[0], CommandNames, "starling")}");
        }
    }

    private static string Hint(string mistyped, string[] names, string lister) =>
        NearestName.Of(mistyped, names) is string meant ? $"did you mean {meant}?" : $"`{lister}` alone lists them.";

    private static ICommand? Create(string name) => name switch
    {
        "serve" => new ServeCommand(),
        "pub" => new PubCommand(),
        "sub" => new SubCommand(),
        "rr" => new RrCommand(),
        "passwd" => new PasswdCommand(),
        "conform" => new ConformCommand(),
        "backup" => new BackupCommand(),
        "restore" => new RestoreCommand(),
        _ => null,
    };

    private static BenchCommand? CreateBench(string name) =>
        BenchNames.Contains(name) ? new BenchCommand(ScenarioNames.All.First(known => known.Name == name).Scenario) : null;

    private static ICommand? CreateStore(string name) => name switch
    {
        "verify" => new StoreVerifyCommand(),
        "info" => new StoreInfoCommand(),
        "export" => new StoreExportCommand(),
        "import" => new StoreImportCommand(),
        "repair" => new StoreRepairCommand(),
        _ => null,
    };
}
