using System.Globalization;

namespace Starling.Cli.Formatting;

/// <summary>Times as strftime writes them in the C locale.</summary>
internal static class ClockText
{
    private const long TicksPerNanosecondHundred = 100;

    /// <summary>What <c>@</c> and this letter print; a letter that means nothing stands as it is, behind a percent sign.</summary>
    public static string Format(char letter, DateTimeOffset time) => letter switch
    {
        'a' => Net("ddd", time),
        'A' => Net("dddd", time),
        'b' or 'h' => Net("MMM", time),
        'B' => Net("MMMM", time),
        'c' => Net("ddd MMM ", time) + Blank(time.Day) + Net(" HH:mm:ss yyyy", time),
        'C' => Zero(time.Year / 100),
        'd' => Net("dd", time),
        'D' or 'x' => Net("MM/dd/yy", time),
        'e' => Blank(time.Day),
        'F' => Net("yyyy-MM-dd", time),
        'g' => Zero(ISOWeek.GetYear(time.DateTime) % 100),
        'G' => Plain(ISOWeek.GetYear(time.DateTime)),
        'H' => Net("HH", time),
        'I' => Net("hh", time),
        'j' => time.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
        'k' => Blank(time.Hour),
        'l' => Blank(time.Hour % 12 == 0 ? 12 : time.Hour % 12),
        'm' => Net("MM", time),
        'M' => Net("mm", time),
        'n' => "\n",
        'N' => Nanoseconds(time),
        _ => FormatRest(letter, time),
    };

    /// <summary>2020-05-06T21:48:00+0000.</summary>
    public static string Iso(DateTimeOffset time) => Net("yyyy-MM-ddTHH:mm:ss", time) + Zone(time);

    /// <summary>2020-05-06T21:48:00.123456Z+0000: mosquitto's own form, with both a Z and an offset.</summary>
    public static string Stamp(DateTimeOffset time) => Net("yyyy-MM-ddTHH:mm:ss.ffffff", time) + "Z" + Zone(time);

    /// <summary>Seconds since 1970 with nine digits behind the point.</summary>
    public static string UnixNanoseconds(DateTimeOffset time) => $"{Plain(time.ToUnixTimeSeconds())}.{Nanoseconds(time)}";

    private static string FormatRest(char letter, DateTimeOffset time) => letter switch
    {
        'p' => time.Hour < 12 ? "AM" : "PM",
        'P' => time.Hour < 12 ? "am" : "pm",
        'r' => Net("hh:mm:ss ", time) + (time.Hour < 12 ? "AM" : "PM"),
        'R' => Net("HH:mm", time),
        's' => Plain(time.ToUnixTimeSeconds()),
        'S' => Net("ss", time),
        't' => "\t",
        'T' or 'X' => Net("HH:mm:ss", time),
        'u' => Plain(time.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)time.DayOfWeek),
        'U' => Zero((time.DayOfYear + 6 - (int)time.DayOfWeek) / 7),
        'V' => Zero(ISOWeek.GetWeekOfYear(time.DateTime)),
        'w' => Plain((int)time.DayOfWeek),
        'W' => Zero((time.DayOfYear + 6 - (((int)time.DayOfWeek + 6) % 7)) / 7),
        'y' => Net("yy", time),
        'Y' => Plain(time.Year),
        'z' => Zone(time),
        'Z' => ZoneName(time),
        '%' => "%",
        _ => $"%{letter}",
    };

    private static string Net(string format, DateTimeOffset time) => time.ToString(format, CultureInfo.InvariantCulture);

    private static string Plain(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Zero(int number) => number.ToString("00", CultureInfo.InvariantCulture);

    private static string Blank(int number) => number.ToString(CultureInfo.InvariantCulture).PadLeft(2);

    private static string Nanoseconds(DateTimeOffset time) =>
        (time.Ticks % TimeSpan.TicksPerSecond * TicksPerNanosecondHundred).ToString("000000000", CultureInfo.InvariantCulture);

    private static string Zone(DateTimeOffset time) => Net("zzz", time).Replace(":", "", StringComparison.Ordinal);

    // The system knows short names only for zones it has rules of; the name of UTC is the same everywhere.
    private static string ZoneName(DateTimeOffset time)
    {
        if (time.Offset == TimeSpan.Zero)
        {
            return "UTC";
        }

        TimeZoneInfo zone = TimeZoneInfo.Local;
        return zone.IsDaylightSavingTime(time) ? zone.DaylightName : zone.StandardName;
    }
}
