using System.Text;
using Starling.Cli.Commands;
using Starling.Cli.Help;

namespace Starling.Cli.Completion;

/// <summary>The completion script for fish.</summary>
internal static class FishScript
{
    private const string Begin =
        """
        # Completion of starling for fish, made by `starling completion fish`. Into ~/.config/fish/completions/starling.fish
        function __starling_at
            set -l words (commandline -opc)
            set -e words[1]
            set -l place $words[1]
            if test (count $words) -gt 1; and contains -- "$place" GROUPS
                set place "$place $words[2]"
            end
            test "$place" = "$argv"
        end
        complete -c starling -f

        """;

    public static string Create()
    {
        StringBuilder script = new(Begin.Replace("GROUPS", string.Join(' ', CompletionPlace.Groups), StringComparison.Ordinal));
        foreach (CompletionPlace place in CompletionPlace.All())
        {
            string start = $"complete -c starling -n '__starling_at {place.Words}'";
            foreach ((string name, string summary) in place.Commands)
            {
                script.Append($"{start} -a {name} -d {Quoted(summary)}\n");
            }

            if (place.Argument is HelpFlag argument && Values(argument) is { Length: > 0 } values)
            {
                script.Append($"{start}{values.Replace(" -x", "", StringComparison.Ordinal).Replace(" -r", "", StringComparison.Ordinal)}\n");
            }

            foreach (HelpFlag flag in place.Flags)
            {
                script.Append($"{start}{string.Concat(flag.Names.Select(Spelled))}{Values(flag)} -d {Quoted(flag.Meaning)}\n");
            }
        }

        return script.ToString().TrimEnd('\n');
    }

    private static string Spelled(string name) => name.StartsWith("--", StringComparison.Ordinal) ? $" -l {name[2..]}" : $" -s {name[1..]}";

    private static string Values(HelpFlag flag) => ValueKinds.Of(flag) switch
    {
        ValueKind.Switch => "",
        ValueKind.File => " -r -F",
        ValueKind.Folder => " -x -a '(__fish_complete_directories)'",
        ValueKind.Context => $" -x -a '(starling complete {CompleteCommand.Contexts} 2> /dev/null)'",
        ValueKind.Choice => $" -x -a '{string.Join(' ', flag.Choices)}'",
        _ => " -x",
    };

    private static string Quoted(string text) =>
        $"'{text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("'", @"\'", StringComparison.Ordinal)}'";
}
