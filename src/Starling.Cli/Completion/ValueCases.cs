using System.Text;
using Starling.Cli.Help;

namespace Starling.Cli.Completion;

/// <summary>Tells a shell which kind of value comes after a flag, in the form of <c>case</c> that bash and zsh have in common.</summary>
internal static class ValueCases
{
    public static void Append(StringBuilder script, CompletionPlace place)
    {
        IGrouping<string, HelpFlag>[] kinds = [.. place.Flags.Where(flag => ValueKinds.Of(flag) != ValueKind.Switch).GroupBy(ValueKinds.ShellWord)];
        if (kinds.Length == 0)
        {
            return;
        }

        script.Append("            case $before in\n");
        foreach (IGrouping<string, HelpFlag> kind in kinds)
        {
            script.Append($"                {string.Join('|', kind.SelectMany(flag => flag.Names))}) kind='{kind.Key}' ;;\n");
        }

        script.Append("            esac\n");
    }
}
