using System.Text;
using Starling.Cli.Tree;

namespace Starling.Cli.Help;

/// <summary>Lays pages of the help out for a terminal.</summary>
internal static class HelpText
{
    private const int LineColumns = 110;
    private const int NamesColumnsMax = 34;

    /// <summary>What the tool says alone: the groups, with the commands that there are.</summary>
    public static string Overview()
    {
        StringBuilder text = new("starling: an MQTT broker and its tools\n\n");
        int titles = CommandTree.Groups.Max(group => group.Title.Length);
        int names = CommandTree.Commands.Max(node => node.Name.Length);
        foreach (CommandGroup group in CommandTree.Groups)
        {
            string title = group.Title;
            foreach (CommandNode node in group.Commands.Where(node => !node.IsHidden))
            {
                text.Append($"{title.PadRight(titles)}  {node.Name.PadRight(names)}  {node.Summary}\n");
                title = "";
            }
        }

        text.Append($"\nstarling COMMAND {CommandRun.HelpFlag} shows examples and every flag of a command.\n");
        foreach (HelpTopic topic in HelpTopics.All)
        {
            text.Append($"starling {CommandRun.HelpFlag} {topic.Name} lists the {topic.Title.ToLowerInvariant()}.\n");
        }

        return text.Append("starling --version tells the version.").ToString();
    }

    /// <summary>One layout for all: examples, what it does, how it is called, its words, its flags, and what else there is to say.</summary>
    public static string Of(HelpPage page)
    {
        StringBuilder text = new("Examples:\n");
        foreach (string example in page.Examples)
        {
            text.Append($"  {example}\n");
        }

        text.Append($"\n{page.Summary}\n\nUsage:\n  {page.Usage}\n");
        Append(text, "Words", [.. page.Arguments.Select(word => (word.Spelling, word.Meaning))]);
        Append(text, "Commands", [.. page.Commands.Select(node => (node.Name, node.Summary))]);
        Append(text, "Options", [.. page.Flags.Select(flag => (flag.Spelling, flag.Meaning))]);
        return page.End.Length == 0 ? text.ToString().TrimEnd('\n') : text.Append($"\n{page.End}").ToString();
    }

    private static void Append(StringBuilder text, string title, IReadOnlyList<(string Name, string Meaning)> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        text.Append($"\n{title}:\n");
        int width = Math.Min(NamesColumnsMax, rows.Max(row => row.Name.Length));
        foreach ((string name, string meaning) in rows)
        {
            // A long name has its line for itself.
            bool fits = name.Length <= width;
            text.Append("  ").Append(fits ? name.PadRight(width) : $"{name}\n  {new string(' ', width)}");
            string indent = new(' ', width + 4);
            text.AppendJoin($"\n{indent}", Lines(meaning, LineColumns - indent.Length).Select((line, i) => i == 0 ? $"  {line}" : line)).Append('\n');
        }
    }

    private static IEnumerable<string> Lines(string text, int columns)
    {
        StringBuilder line = new();
        foreach (string word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > columns)
            {
                yield return line.ToString();
                line.Clear();
            }

            line.Append(line.Length == 0 ? "" : " ").Append(word);
        }

        yield return line.ToString();
    }
}
