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

    // The distance of Levenshtein, row by row.
    private static int Edits(string from, string to)
    {
        int[] row = new int[to.Length + 1];
        for (int j = 0; j <= to.Length; j++)
        {
            row[j] = j;
        }

        for (int i = 1; i <= from.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                int substituted = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[to.Length];
    }
}
