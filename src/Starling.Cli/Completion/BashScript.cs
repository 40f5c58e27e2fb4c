using System.Text;
using Starling.Cli.Commands;

namespace Starling.Cli.Completion;

/// <summary>The completion script for bash.</summary>
internal static class BashScript
{
    private const string Begin =
        """
        # Completion of starling for bash, made by `starling completion bash`. In ~/.bashrc: source <(starling completion bash)
        _starling() {
            local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} place= words= flags= kind= argument=
            local IFS=$' \t\n'
            if ((COMP_CWORD > 1)); then
                place=${COMP_WORDS[1]}
                case $place in
                    GROUPS) ((COMP_CWORD < 3)) || place="$place ${COMP_WORDS[2]}" ;;
                esac
            fi
            case $place in

        """;

    private const string End =
        """
            esac
            if [[ -z $kind ]]; then
                case $current in
                    -*) words=$flags ;;
                    *) kind=$argument; [[ -n $kind || -n $words ]] || words=$flags ;;
                esac
            fi
            COMPREPLY=()
            case $kind in
                none) return ;;
                file) IFS=$'\n'; COMPREPLY=($(compgen -f -- "$current")); compopt -o filenames 2> /dev/null; return ;;
                folder) IFS=$'\n'; COMPREPLY=($(compgen -d -- "$current")); compopt -o filenames 2> /dev/null; return ;;
                context) words=$("${COMP_WORDS[0]}" complete contexts 2> /dev/null) ;;
                ?*) words=${kind//|/ } ;;
            esac
            COMPREPLY=($(compgen -W "$words" -- "$current"))
        }
        complete -F _starling starling
        """;

    public static string Create()
    {
        StringBuilder script = new(Begin.Replace("GROUPS", string.Join('|', CompletionPlace.Groups), StringComparison.Ordinal));
        foreach (CompletionPlace place in CompletionPlace.All())
        {
            script.Append($"        '{place.Words}')\n");
            Assign(script, "words", string.Join(' ', place.Commands.Select(command => command.Name)));
            Assign(script, "flags", string.Join(' ', place.Flags.SelectMany(flag => flag.Names)));
            Assign(script, "argument", place.Argument is null ? "" : ValueKinds.ShellWord(place.Argument));
            ValueCases.Append(script, place);
            script.Append("            ;;\n");
        }

        return script.Append(End.Replace("contexts", CompleteCommand.Contexts, StringComparison.Ordinal)).ToString();
    }

    private static void Assign(StringBuilder script, string name, string value)
    {
        if (value.Length > 0)
        {
            script.Append($"            {name}='{value}'\n");
        }
    }
}
