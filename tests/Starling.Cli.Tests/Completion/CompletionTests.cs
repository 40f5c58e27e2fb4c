using Starling.Cli.Tree;

namespace Starling.Cli.Tests.Completion;

public sealed class CompletionTests
{
    /// <summary>What was typed, the last word unfinished, and what is offered.</summary>
    public static TheoryData<string, string> Typed => new()
    {
        { "starling he", "health" },
        { "starling con", "conform context" },
        { "starling --v", "--version" },
        { "starling --help exi", "exit-codes" },
        { "starling store ve", "verify" },
        { "starling bench fan", "fanin fanout" },
        { "starling context ", "add ls rm use" },
        { "starling pub --stdin-", "--stdin-file --stdin-line" },
        { "starling pub -q ", "0 1 2" },
        { "starling sub -V 3", "31 311" },
        { "starling sub -t ", "" },
        { "starling bench pair --progress p", "plain" },
        { "starling store verify --progress ", "auto live none plain" },
        { "starling pub --context ho", "home" },
        { "starling conform --color al", "always" },
        { "starling context use ", "home test" },
        { "starling context use --h", "--help" },
        { "starling completion ", "bash fish pwsh zsh" },
        { "starling frobnicate ", "" },
        { "starling complet", "completion" },
    };

    [Theory, MemberData(nameof(Typed))]
    public async Task Bash_offers_what_fits(string typed, string offered)
    {
        string[] words = typed.Split(' ');
        string run = $$"""
            starling() { [[ "$*" != 'complete contexts' ]] || printf 'home\ntest\n'; }
            COMP_WORDS=({{string.Join(' ', words.Select(word => $"'{word}'"))}}); COMP_CWORD={{words.Length - 1}}
            _starling
            printf '%s\n' "${COMPREPLY[@]}"
            """;

        ShellRun shell = await ShellRun.RunAsync("bash", $"{await ScriptAsync("bash")}\n{run}\n", "--norc");

        Assert.Equal((0, ""), (shell.Code, shell.Error));
        Assert.Equal(offered, Sorted(shell.Output));
    }

    [Fact]
    public async Task Bash_completes_paths_and_registers_itself()
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder.File("a file"), "", TestContext.Current.CancellationToken);
        Directory.CreateDirectory(folder.File("a folder"));
        string run = $$"""
            cd '{{folder.Path}}'
            COMP_WORDS=(starling pub -f a); COMP_CWORD=3; _starling; printf '%s|' "${COMPREPLY[@]}"; echo
            COMP_WORDS=(starling serve --data a); COMP_CWORD=3; _starling; printf '%s|' "${COMPREPLY[@]}"; echo
            COMP_WORDS=(starling backup a); COMP_CWORD=2; _starling; printf '%s|' "${COMPREPLY[@]}"; echo
            complete -p starling
            """;

        ShellRun shell = await ShellRun.RunAsync("bash", $"{await ScriptAsync("bash")}\n{run}\n", "--norc");

        string[] lines = shell.Output.Split('\n');
        Assert.Equal(["a file", "a folder"], lines[0].Split('|', StringSplitOptions.RemoveEmptyEntries).Order());
        Assert.Equal(["a folder|", "a folder|", "complete -F _starling starling"], lines[1..4]);
    }

    [Theory, MemberData(nameof(Typed))]
    public async Task Fish_offers_what_fits(string typed, string offered)
    {
        string run = $"""
            function starling; test "$argv" = 'complete contexts'; and printf 'home\ntest\n'; end
            complete -C '{typed}' | string split -f 1 \t
            """;

        ShellRun shell = await ShellRun.RunAsync("fish", $"{await ScriptAsync("fish")}\n{run}\n", "--no-config");

        Assert.Equal("", shell.Error);
        Assert.Equal(offered, Sorted(shell.Output));
    }

    [Theory, MemberData(nameof(Typed))]
    public async Task Zsh_offers_what_fits(string typed, string offered)
    {
        string[] words = typed.Split(' ');

        // The functions that complete in an interactive zsh, reduced to what they are given.
        string stand = $$"""
            compdef() { : }
            offer() { for word in "$@"; do [[ $word != $words[CURRENT]* ]] || print -r -- $word; done }
            compadd() { shift; offer "$@" }
            _describe() { local -a all=("${(@P)argv[-1]}"); offer "${(@)all%%:*}" }
            starling() { [[ "$*" != 'complete contexts' ]] || printf 'home\ntest\n' }
            words=({{string.Join(' ', words.Select(word => $"'{word}'"))}}); CURRENT={{words.Length}}
            """;

        ShellRun shell = await ShellRun.RunAsync("zsh", $"{stand}\n{await ScriptAsync("zsh")}\n_starling\n", "-f");

        Assert.Equal("", shell.Error);
        Assert.Equal(offered, Sorted(shell.Output));
    }

    [Theory]
    [InlineData("bash", "bash", "-n")]
    [InlineData("zsh", "zsh", "-n")]
    [InlineData("fish", "fish", "-n")]
    [InlineData("pwsh", "pwsh", "-NoProfile -Command $null = [scriptblock]::Create(($input | Out-String))")]
    public async Task Script_is_right_for_its_shell(string name, string shell, string arguments)
    {
        string[] words = arguments.StartsWith("-NoProfile", StringComparison.Ordinal) ? arguments.Split(' ', 3) : [arguments];

        ShellRun run = await ShellRun.RunAsync(shell, await ScriptAsync(name), words);

        Assert.Equal((0, ""), (run.Code, run.Error));
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    [InlineData("pwsh")]
    public async Task Script_has_every_place_of_the_tree_and_no_hidden_one(string shell)
    {
        string script = await ScriptAsync(shell);

        Assert.All(CommandTree.All, node => Assert.Matches($"'(__starling_at )?{node.Words}'", script));
        Assert.DoesNotContain("'complete'", script, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("completion", "completion needs a shell: bash, zsh, fish, pwsh. For example starling completion bash.")]
    [InlineData("completion tcsh", "there is no completion for tcsh, only for bash, zsh, fish, pwsh.")]
    public async Task Other_shells_are_refused(string commandLine, string said)
    {
        CliRun run = await CliRun.RunAsync(commandLine.Split(' '));

        Assert.Equal((ExitCode.Usage, $"starling: {said}\n"), (run.Code, run.Error));
    }

    private static async Task<string> ScriptAsync(string shell) => (await CliRun.RunAsync("completion", shell)).Output;

    private static string Sorted(string lines) => string.Join(' ', lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
}
