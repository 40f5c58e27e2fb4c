using System.CommandLine;
using Starling.Cli.Flags;
using Starling.Cli.Help;

namespace Starling.Cli.Commands;

/// <summary><c>starling pages</c>: writes the documentation that is made of the command tree; for eng/update-cli-docs and packages.</summary>
internal sealed class PagesCommand : ICommand
{
    private readonly Argument<string> _kind = FlagKinds.Word("markdown|man", "Which pages.");
    private readonly Argument<string> _folder = FlagKinds.Word("DIR", "Where they are written; made if need be.");

    public PagesCommand() => Syntax = new FlagSet { _kind, _folder };

    public Command Syntax { get; }

    public IReadOnlyList<string> Examples { get; } =
    [
        "starling pages markdown docs/cli",
        "starling pages man /usr/local/share/man/man1",
        "starling pages man . && man -l starling.1",
    ];

    public IReadOnlyDictionary<string, string> Unsupported { get; } = new Dictionary<string, string>();

    public string HelpEnd => "";

    public Task<int> RunAsync(ParseResult parsed, CommandEnvironment environment)
    {
        FlagReader flags = new(parsed);
        IEnumerable<(string File, string Text)>? pages = flags.Text(_kind) switch
        {
            "markdown" => MarkdownPages.All(),
            "man" => ManPages.All(),
            _ => null,
        };
        if (pages is null || flags.Text(_folder) is not string folder)
        {
            return Task.FromResult(environment.RefuseUsage("pages needs a kind and a directory. For example starling pages man man1."));
        }

        Directory.CreateDirectory(folder);
        foreach ((string file, string text) in pages)
        {
            File.WriteAllText(Path.Join(folder, file), text);
        }

        return Task.FromResult(ExitCode.Ok);
    }
}
