using System.Text;
using Starling.Cli.Tree;

namespace Starling.Cli.Help;

/// <summary>The pages of docs/cli: one for each place of the command tree, one for each topic, and the index.</summary>
internal static class MarkdownPages
{
    private const string Note = "<!-- Written by eng/update-cli-docs from the command tree. -->";

    /// <summary>Every page: the name of its file, and its text.</summary>
    public static IEnumerable<(string File, string Text)> All() =>
    [
        ("README.md", Index()),
        .. HelpTopics.All.Select(topic => ($"{topic.Name}.md", Topic(topic))),
        .. CommandTree.All.Select(node => (FileOf(node), Page(HelpPage.Of(node)))),
    ];

    private static string FileOf(CommandNode node) => $"{node.Words.Replace(' ', '-')}.md";

    private static string Index()
    {
        StringBuilder text = new($"# The tool starling\n\n{Note}\n");
        foreach (CommandGroup group in CommandTree.Groups)
        {
            text.Append($"\n## {group.Title}\n\n| command | what it does |\n|---|---|\n");
            foreach (CommandNode node in group.Commands.Where(node => !node.IsHidden))
            {
                AppendRow(text, node);
            }
        }

        text.Append("\n## For all commands\n\n");
        foreach (HelpTopic topic in HelpTopics.All)
        {
            text.Append($"- [{topic.Title}]({topic.Name}.md)\n");
        }

        return text.Append("- [The format of recordings](../record-format.md)\n").ToString();
    }

    private static string Topic(HelpTopic topic)
    {
        StringBuilder text = new($"# {topic.Title}\n\n{Note}\n");
        foreach (HelpTable table in topic.Tables)
        {
            text.Append($"\n## {table.Title}\n\n| | |\n|---|---|\n");
            foreach ((string name, string meaning) in table.Rows)
            {
                text.Append($"| `{name}` | {Escaped(meaning)} |\n");
            }
        }

        return text.Append($"\n`starling {CommandRun.HelpFlag} {topic.Name}` prints this.\n").ToString();
    }

    private static string Page(HelpPage page)
    {
        StringBuilder text = new($"# starling {page.Words}\n\n{Note}\n\n{Escaped(page.Summary)}\n\n## Examples\n\n```sh\n");
        text.Append($"{string.Join('\n', page.Examples)}\n```\n\n## Usage\n\n```text\n{page.Usage}\n```\n");
        if (page.Commands.Count > 0)
        {
            text.Append("\n## Commands\n\n| command | what it does |\n|---|---|\n");
            foreach (CommandNode node in page.Commands)
            {
                AppendRow(text, node);
            }
        }

        AppendFlags(text, "Words", page.Arguments);
        AppendFlags(text, "Options", page.Flags);
        if (page.End.Length > 0)
        {
            text.Append($"\n## Notes\n\n```text\n{page.End}\n```\n");
        }

        return text.Append("\n[All commands](README.md) · [exit codes](exit-codes.md) · [environment variables](environment.md)\n").ToString();
    }

    private static void AppendRow(StringBuilder text, CommandNode node) =>
        text.Append($"| [{node.Words}]({FileOf(node)}) | {Escaped(node.Summary)} |\n");

    private static void AppendFlags(StringBuilder text, string title, IReadOnlyList<HelpFlag> flags)
    {
        if (flags.Count == 0)
        {
            return;
        }

        text.Append($"\n## {title}\n\n| | |\n|---|---|\n");
        foreach (HelpFlag flag in flags)
        {
            text.Append($"| `{flag.Spelling.Replace("|", "\\|", StringComparison.Ordinal)}` | {Escaped(flag.Meaning)} |\n");
        }
    }

    private static string Escaped(string text)
    {
        StringBuilder escaped = new();
        bool isCode = false;
        foreach (char c in text)
        {
            isCode ^= c == '`';
            escaped.Append(c == '|' || (!isCode && c is '<' or '>' or '*' or '_' or '[' or ']') ? $"\\{c}" : $"{c}");
        }

        return escaped.ToString();
    }
}
