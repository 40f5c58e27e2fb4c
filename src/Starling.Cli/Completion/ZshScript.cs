using System.Text;
using Starling.Cli.Commands;
using Starling.Cli.Help;

namespace Starling.Cli.Completion;

/// <summary>The completion script for zsh.</summary>
internal static class ZshScript
{
    private const string Begin =
        """
        #compdef starling
        # Completion of starling for zsh, made by `starling completion zsh`. In ~/.zshrc, after compinit: source <(starling completion zsh)
        _starling() {
            local before=$words[CURRENT-1] place= kind= argument=
            local -a listed flags
            if ((CURRENT > 2)); then
                place=$words[2]
                case $place in
                    (GROUPS) ((CURRENT < 4)) || place="$place $words[3]" ;;
                esac
            fi
            case $place in

        """;

    private const string End =
        """
            esac
            if [[ -z $kind && $words[CURRENT] != -* ]]; then
                kind=$argument
            fi
            case $kind in
                (none) return 1 ;;
                (file) _files; return ;;
                (folder) _files -/; return ;;
                (context) compadd -- ${(f)"$($words[1] complete contexts 2> /dev/null)"}; return ;;
                (?*) compadd -- ${(s:|:)kind}; return ;;
            esac
            [[ $words[CURRENT] == -* || ${#listed} -eq 0 ]] || { _describe command listed; return }
            _describe -o flag flags
        }
        compdef _starling starling
        """;

    public static string Create()
    {
        StringBuilder script = new(Begin.Replace("GROUPS", string.Join('|', CompletionPlace.Groups), StringComparison.Ordinal));
        foreach (CompletionPlace place in CompletionPlace.All())
        {
            script.Append($"        ('{place.Words}')\n");
            AppendArray(script, "listed", place.Commands);
            AppendArray(script, "flags", place.Flags.SelectMany(flag => flag.Names.Select(name => (name, flag.Meaning))));
            if (place.Argument is HelpFlag argument)
            {
                script.Append($"            argument='{ValueKinds.ShellWord(argument)}'\n");
            }

            ValueCases.Append(script, place);
            script.Append("            ;;\n");
        }

        return script.Append(End.Replace("contexts", CompleteCommand.Contexts, StringComparison.Ordinal)).ToString();
    }

    private static void AppendArray(StringBuilder script, string name, IEnumerable<(string Name, string Meaning)> entries)
    {
        string all = string.Join(' ', entries.Select(entry => $"'{entry.Name}:{entry.Meaning.Replace("'", @"'\''", StringComparison.Ordinal)}'"));
        if (all.Length > 0)
        {
            script.Append($"            {name}=({all})\n");
        }
    }
}
