using System.CommandLine;
using Starling.Cli.Completion;
using Starling.Cli.Flags;

namespace Starling.Cli.Commands;

/// <summary><c>starling completion</c>: prints the script by which a shell completes words.</summary>
internal sealed class CompletionCommand : ICommand
{
    private static readonly (string Shell, Func<string> Create)[] Scripts =
        [("bash", BashScript.Create), ("zsh", ZshScript.Create), ("fish", FishScript.Create), ("pwsh", PowerShellScript.Create)];

    private readonly Argument<string> _shell = FlagKinds.Word(string.Join('|', Scripts.Select(script => script.Shell)), "The shell.");

    public CompletionCommand() => Syntax = new FlagSet { _shell };

    public Command Syntax { get; }

    public IReadOnlyList<string> Examples { get; } =
    [
        "source <(starling completion bash)",
        "starling completion fish > ~/.config/fish/completions/starling.fish",
        "starling completion pwsh | Out-String | Invoke-Expression",
    ];

    public IReadOnlyDictionary<string, string> Unsupported { get; } = new Dictionary<string, string>();

    public string HelpEnd => "The script completes commands, flags, their values where there are few, files, and the names of contexts.";

    public Task<int> RunAsync(ParseResult parsed, CommandEnvironment environment)
    {
        string shell = new FlagReader(parsed).Text(_shell) ?? "";
        Func<string>? create = Scripts.FirstOrDefault(script => script.Shell == shell).Create;
        if (create is null)
        {
            string all = string.Join(", ", Scripts.Select(script => script.Shell));
            return Task.FromResult(environment.RefuseUsage(shell.Length == 0
                ? $"completion needs a shell: {all}. For example starling completion bash."
                : $"there is no completion for {shell}, only for {all}."));
        }

        environment.WriteText(create());
        return Task.FromResult(ExitCode.Ok);
    }
}
