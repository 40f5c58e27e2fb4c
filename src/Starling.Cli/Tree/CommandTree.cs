using Starling.Bench.Settings;
using Starling.Cli.Commands;
using Starling.Cli.Flags;

namespace Starling.Cli.Tree;

/// <summary>
/// Every command of the tool: the only place that has their names and summaries. The overview, the help, the completion scripts, the pages
/// of docs/cli and the manual pages are made of it.
/// </summary>
internal static class CommandTree
{
    private static readonly CommandNode[] StoreCommands =
    [
        new("verify", "Read every byte of a data directory, and say what is damaged. Nothing is changed.", static () => new StoreVerifyCommand()),
        new("info", "Say what a data directory holds. Nothing is changed.", static () => new StoreInfoCommand()),
        new("export", "Write sessions, subscriptions, messages and wills as lines of JSON. Nothing in the directory is changed.", static () => new StoreExportCommand()),
        new("import", "Make a data directory of the lines that `store export` has written.", static () => new StoreImportCommand()),
        new("repair", "Make a damaged data directory usable again, with all that can be saved.", static () => new StoreRepairCommand()),
    ];

    private static readonly CommandNode[] ContextCommands =
    [
        new("add", "Keep the flags of a connection under a name.", static () => new ContextAddCommand()),
        new("use", "Choose the context that is meant when none is named.", static () => new ContextUseCommand()),
        new("ls", "List the contexts, without their passwords.", static () => new ContextListCommand()),
        new("rm", "Forget a context.", static () => new ContextRemoveCommand()),
    ];

    public static readonly IReadOnlyList<CommandGroup> Groups =
    [
        new("Run",
        [
            new("serve", "Run the broker.", static () => new ServeCommand()),
            new("health", "Tell whether a broker is ready.", static () => new HealthCommand()),
        ]),
        new("Talk",
        [
            new("pub", "Publish messages.", static () => new PubCommand()),
            new("sub", "Subscribe and print messages.", static () => new SubCommand()),
            new("rr", "Publish a request and print the response.", static () => new RrCommand()),
            new("context", "Keep connections under names, and use them with --context.") { Inner = static () => ContextCommands },
        ]),
        new("Measure",
        [
            new("bench", "Make load, check every message, tell figures.") { Inner = static () => BenchScenarios() },
            new("conform", "Test a broker against every statement of the MQTT specifications.", static () => new ConformCommand()),
        ]),
        new("Move",
        [
            new("record", "Write what comes on topics into a file, with its times.", static () => new RecordCommand()),
            new("replay", "Publish what was recorded, at the times at which it came.", static () => new ReplayCommand()),
            new("backup", "Let a running broker write a copy of its data directory.", static () => new BackupCommand()),
            new("restore", "Make a data directory of a backup.", static () => new RestoreCommand()),
        ]),
        new("Manage",
        [
            new("store", "Work on the data directory of a stopped broker.") { Inner = static () => StoreCommands },
            new("passwd", "Add, change and remove users of a password file.", static () => new PasswdCommand()),
            new("completion", "Print the script by which a shell completes words.", static () => new CompletionCommand()),
            new("pages", "Write the pages of the documentation.", static () => new PagesCommand()) { IsHidden = true },
            new("complete", "Answer a completion script.", static () => new CompleteCommand()) { IsHidden = true },
        ]),
    ];

    /// <summary>The commands that the tool itself lists, and the hidden ones.</summary>
    public static IEnumerable<CommandNode> Commands => Groups.SelectMany(group => group.Commands);

    /// <summary>Every place of the tree that is not hidden; each before what is below it.</summary>
    public static IEnumerable<CommandNode> All => Commands.Where(node => !node.IsHidden).SelectMany(node => node.Children.Prepend(node));

    // Only asked for by those who want it: the names are in another assembly, which a start of the broker does without.
    private static CommandNode[] BenchScenarios() =>
    [
        .. ScenarioNames.All.Select(static known =>
            new CommandNode(known.Name, BenchDefaults.Of(known.Scenario).Description, () => new BenchCommand(known.Scenario))),
    ];
}
