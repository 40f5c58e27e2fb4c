using System.Text;

namespace Starling.Cli.Help;

/// <summary>A page of the help that is about no single command.</summary>
/// <param name="Name">The word after <c>--help</c>.</param>
/// <param name="Title">Above the tables.</param>
/// <param name="Tables">All that is on it.</param>
internal sealed record HelpTopic(string Name, string Title, IReadOnlyList<HelpTable> Tables)
{
    /// <summary>The page for a terminal.</summary>
    public string Text()
    {
        StringBuilder text = new(Title);
        int width = Tables.Max(table => table.Rows.Max(row => row.Name.Length));
        foreach (HelpTable table in Tables)
        {
            text.Append("\n\n").Append(table.Title).Append('\n');
            foreach ((string name, string meaning) in table.Rows)
            {
                text.Append("\n  ").Append(name.PadRight(width)).Append("  ").Append(meaning);
            }
        }

        return text.ToString();
    }
}
