namespace Starling.Client.Core;

/// <summary>Finds what somebody meant who mistyped a name.</summary>
internal static class NearestName
{
    // More than this many letters of difference is another word.
    private const int DistanceMax = 3;

    /// <summary>The name with the fewest letters to change; null when none is near.</summary>
    public static string? Find(string word, IReadOnlyList<string> names)
    {
        string? nearest = null;
        int least = Math.Min(DistanceMax, Math.Max(1, word.Length / 2)) + 1;
        foreach (string name in names)
        {
            bool isBeginning = word.Length >= 2
                && (name.StartsWith(word, StringComparison.OrdinalIgnoreCase) || word.StartsWith(name, StringComparison.OrdinalIgnoreCase));
            int distance = Math.Min(Distance(word.ToUpperInvariant(), name.ToUpperInvariant()), isBeginning ? 1 : int.MaxValue);
            if (distance < least)
            {
                (nearest, least) = (name, distance);
            }
        }

        return nearest;
    }

    /// <summary>How many letters must be put in, taken out or changed to make one word of the other.</summary>
    private static int Distance(string a, string b)
    {
        int[] previous = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 0; i < a.Length; i++)
        {
            int[] row = new int[b.Length + 1];
            row[0] = i + 1;
            for (int j = 0; j < b.Length; j++)
            {
                int change = previous[j] + (a[i] == b[j] ? 0 : 1);
                row[j + 1] = Math.Min(change, Math.Min(previous[j + 1], row[j]) + 1);
            }

            previous = row;
        }

        return previous[b.Length];
    }
}
