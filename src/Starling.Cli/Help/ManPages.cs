using System.Text;
using Starling.Cli.Tree;

namespace Starling.Cli.Help;

/// <summary>The manual pages, in the language of man(7): one for the tool, and one for each place of the command tree.</summary>
internal static class ManPages
{
    private const string Tool = "starling";

    /// <summary>Every page: the name of its file, and its text.</summary>
    public static IEnumerable<(string File, string Text)> All() =>
        [($"{Tool}.1", Overview()), .. CommandTree.All.Select(node => ($"{NameOf(node.Words)}.1", Page(HelpPage.Of(node))))];

    private static string NameOf(string words) => $"{Tool}-{words.Replace(' ', '-')}";

    private static string Overview()
    {
        StringBuilder text = Begin(Tool, "an MQTT broker and its tools", "starling COMMAND [options]");
        text.Append("A broker, clients, and what measures, moves and keeps their data, in one program.\n");
        foreach (CommandGroup group in CommandTree.Groups)
        {
            text.Append($".SH {group.Title.ToUpperInvariant()}\n");
            foreach (CommandNode node in group.Commands.Where(node => !node.IsHidden))
            {
                AppendItem(text, $"{NameOf(node.Words)}(1)", node.Summary);
            }
        }

        foreach (HelpTopic topic in HelpTopics.All)
        {
            text.Append($".SH {topic.Title.ToUpperInvariant()}\n");
            foreach (HelpTable table in topic.Tables)
            {
                text.Append($".SS {Text(table.Title)}\n");
                foreach ((string name, string meaning) in table.Rows)
                {
                    AppendItem(text, name, meaning);
                }
            }
        }

        return text.ToString();
    }

    private static string Page(HelpPage page)
    {
        StringBuilder text = Begin(NameOf(page.Words), page.Summary.TrimEnd('.'), page.Usage);
        text.Append($"{Text(page.Summary)}\n.SH EXAMPLES\n");
        AppendAsItIs(text, string.Join('\n', page.Examples));
        AppendItems(text, "COMMANDS", page.Commands.Select(node => ($"{NameOf(node.Words)}(1)", node.Summary)));
        AppendItems(text, "WORDS", page.Arguments.Select(word => (word.Spelling, word.Meaning)));
        AppendItems(text, "OPTIONS", page.Flags.Select(flag => (flag.Spelling, flag.Meaning)));
        if (page.End.Length > 0)
        {
            text.Append(".SH NOTES\n");
            AppendAsItIs(text, page.End);
        }

        return text.Append($".SH SEE ALSO\n.BR {Tool} (1),\nwhich has the exit status and the environment variables of all commands.\n").ToString();
    }

    private static StringBuilder Begin(string name, string summary, string usage) => new(
        $"""
        .TH {name.ToUpperInvariant()} 1 "" "starling {typeof(ManPages).Assembly.GetName().Version?.ToString(3)}"
        .SH NAME
        {Text(name)} \- {Text(summary)}
        .SH SYNOPSIS
        {Text(usage)}
        .SH DESCRIPTION

        """);

    private static void AppendItems(StringBuilder text, string title, IEnumerable<(string Name, string Meaning)> items)
    {
        string heading = $".SH {title}\n";
        foreach ((string name, string meaning) in items)
        {
            text.Append(heading);
            AppendItem(text, name, meaning);
            heading = "";
        }
    }

    private static void AppendItem(StringBuilder text, string name, string meaning) => text.Append($".TP\n\\fB{Text(name)}\\fR\n{Text(meaning)}\n");

    private static void AppendAsItIs(StringBuilder text, string lines) =>
        text.Append($".nf\n{string.Join('\n', lines.Split('\n').Select(Text))}\n.fi\n");

    // A line that begins with . or ' would be a command.
    private static string Text(string line)
    {
        string escaped = line.Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal);
        return escaped.StartsWith('.') || escaped.StartsWith('\'') ? $"\\&{escaped}" : escaped;
    }
}
