namespace Starling.Hosting.Settings;

/// <summary>Finds what somebody meant who mistyped a name.</summary>
public static class NearestName
{
    /// <summary>
    /// The name with the fewest edits to <paramref name="mistyped"/>, ignoring case and any section before a colon; null when none is
    /// near (more than a third of its length would have to change).
    /// </summary>
    public static string? Of(string mistyped, IEnumerable<string> names)
    {
        string? nearest = null;
        int fewest = int.MaxValue;
        foreach (string name in names)
        {
            int edits = Math.Min(Edits(Letters(mistyped), Letters(name)), Edits(LastPart(mistyped), LastPart(name)));
            if (edits < fewest)
            {
                fewest = edits;
                nearest = name;
            }
        }

        return nearest is not null && fewest <= Math.Max(1, LastPart(nearest).Length / 3) ? nearest : null;
    }

    private static string Letters(string name) => name.Replace(":", "", StringComparison.Ordinal).ToUpperInvariant();

    private static string LastPart(string name) => name[(name.LastIndexOf(':') + 1)..].ToUpperInvariant();

    // The distance of Levenshtein, row by row, with two letters that changed places as one edit.
    private static int Edits(string from, string to)
    {
        int[] before = [];
        int[] above = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 1; i <= from.Length; i++)
        {
            int[] row = new int[to.Length + 1];
            row[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                int substituted = above[j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1);
                row[j] = Math.Min(substituted, Math.Min(above[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                {
                    row[j] = Math.Min(row[j], before[j - 2] + 1);
                }
            }

            (before, above) = (above, row);
        }

        return above[to.Length];
    }
}
