using Starling.Cli.Commands;
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
        Measure  conform  test a broker against every statement of the MQTT specifications

        starling COMMAND --help shows examples and every flag of a command.
        starling --help exit-codes lists how the tool ends; starling --version tells the version.
        """;

    private static readonly string[] CommandNames = ["serve", "pub", "sub", "conform"];

    /// <summary>Runs what the words ask for. Nothing is thrown: whatever goes wrong is said, and is an exit code.</summary>
    public static async Task<int> RunAsync(string[] args, CommandEnvironment environment)
    {
        try
        {
            return await RunCommandAsync(args, environment).ConfigureAwait(false);
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
                string nearest = NearestName.Of(args[0], CommandNames) is string meant ? $"did you mean {meant}?" : "`starling` alone lists them.";
                return environment.RefuseUsage($"there is no command {args[0]}; {nearest}");
        }
    }

    private static ICommand? Create(string name) => name switch
    {
        "serve" => new ServeCommand(),
        "pub" => new PubCommand(),
        "sub" => new SubCommand(),
        "conform" => new ConformCommand(),
        _ => null,
    };
}
