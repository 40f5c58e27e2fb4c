using Starling.Cli.Help;
using Starling.Cli.Mosquitto;
using Starling.Cli.Tree;
using Starling.Hosting.Settings;

namespace Starling.Cli;

/// <summary>The tool: finds the command in the tree, and makes no other.</summary>
internal static class CommandLine
{
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
            case [] or [CommandRun.HelpFlag]:
                environment.WriteText(HelpText.Overview());
                return ExitCode.Ok;
            case [CommandRun.HelpFlag, string topic] when HelpTopics.Find(topic) is HelpTopic page:
                environment.WriteText(page.Text());
                return ExitCode.Ok;
            case [CommandRun.HelpFlag, .. string[] words]:
                return await HelpOnAsync(words, environment).ConfigureAwait(false);
            case ["--version"]:
                environment.WriteText($"starling {typeof(CommandLine).Assembly.GetName().Version?.ToString(3)}");
                return ExitCode.Ok;
            default:
                return await CallAsync(args, environment).ConfigureAwait(false);
        }
    }

    private static Task<int> CallAsync(string[] args, CommandEnvironment environment)
    {
        CommandNode? node = CommandTree.Commands.FirstOrDefault(command => command.Name == args[0]);
        if (node is null)
        {
            return Task.FromResult(environment.RefuseUsage($"there is no command {args[0]}; {Hint(args[0], null)}"));
        }

        int used = 1;
        for (; node.IsGroup; used++)
        {
            if (used == args.Length || args[used] == CommandRun.HelpFlag)
            {
                environment.WriteText(HelpText.Of(HelpPage.OfGroup(node)));
                return Task.FromResult(ExitCode.Ok);
            }

            if (node.Find(args[used]) is not CommandNode inner)
            {
                return Task.FromResult(environment.RefuseUsage($"there is no command {node.Words} {args[used]}; {Hint(args[used], node)}"));
            }

            node = inner;
        }

        return node.Create is null
            ? throw new InvalidOperationException($"{node.Words} is neither a command nor a group.")
            : CommandRun.RunAsync(node, node.Create(), args[used..], environment);
    }

    private static Task<int> HelpOnAsync(string[] words, CommandEnvironment environment)
    {
        string all = string.Join(' ', words);
        return CommandTree.All.Any(node => node.Words == all)
            ? CallAsync([.. words, CommandRun.HelpFlag], environment)
            : Task.FromResult(environment.RefuseUsage(
                $"there is no help on {all}; use {CommandRun.HelpFlag} {string.Join(", ", HelpTopics.All.Select(topic => topic.Name))}, or {CommandRun.HelpFlag} {string.Join(", ", Names(null))}."));
    }

    // A word that is known elsewhere is rather that than a typing error.
    private static string Hint(string mistyped, CommandNode? group)
    {
        string? elsewhere = CommandTree.All.FirstOrDefault(node => node.Name == mistyped)?.Words;
        return (elsewhere ?? NearestName.Of(mistyped, Names(group))) is string meant
            ? $"did you mean {meant}?"
            : $"`starling{(group is null ? "" : $" {group.Words}")}` alone lists them.";
    }

    private static IEnumerable<string> Names(CommandNode? group) =>
        (group?.Children ?? CommandTree.Commands).Where(node => !node.IsHidden).Select(node => node.Name);
}
