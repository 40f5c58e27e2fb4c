using System.Globalization;

namespace Starling.Hosting.Settings;

/// <summary>Durations as people write them: a whole number and a unit, <c>500ms 30s 5m 12h 30d</c>.</summary>
internal static class DurationText
{
    private static readonly (string Unit, long Milliseconds)[] Units =
        [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        int digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        if (digits <= 0 || !long.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out long count))
        {
            return false;
        }

        foreach ((string unit, long milliseconds) in Units)
        {
            if (text.AsSpan(digits).Equals(unit, StringComparison.OrdinalIgnoreCase))
            {
                if (count > TimeSpan.MaxValue.Ticks / TimeSpan.TicksPerMillisecond / milliseconds)
                {
                    return false;
                }

                duration = TimeSpan.FromMilliseconds(count * milliseconds);
                return true;
            }
        }

        return false;
    }

    /// <summary>The shortest exact form, in whole milliseconds.</summary>
    public static string Format(TimeSpan duration)
    {
        long total = duration.Ticks / TimeSpan.TicksPerMillisecond;
        if (total == 0)
        {
            return "0s";
        }

        (string unit, long milliseconds) = Units.Last(u => total % u.Milliseconds == 0);
        return string.Create(CultureInfo.InvariantCulture, $"{total / milliseconds}{unit}");
    }
}
