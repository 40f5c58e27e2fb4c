using System.Globalization;

namespace Starling.Hosting.Settings;

/// <summary>Sizes as people write them: a whole number and a unit of bytes, <c>65536 64KiB 2MiB 1GiB</c>.</summary>
internal static class SizeText
{
    private static readonly (string Unit, long Bytes)[] Units =
        [("", 1), ("B", 1), ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40)];

    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        int digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        digits = digits < 0 ? text.Length : digits;
        if (!long.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out long count))
        {
            return false;
        }

        foreach ((string unit, long unitBytes) in Units)
        {
            if (text.AsSpan(digits).Equals(unit, StringComparison.OrdinalIgnoreCase))
            {
                bytes = count * unitBytes;
                return count <= long.MaxValue / unitBytes;
            }
        }

        return false;
    }

    /// <summary>The shortest exact form.</summary>
    public static string Format(long bytes)
    {
        if (bytes == 0)
        {
            return "0B";
        }

        (string unit, long unitBytes) = Units.Last(u => bytes % u.Bytes == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{bytes / unitBytes}{(unit.Length == 0 ? "B" : unit)}");
    }
}
