using System.Globalization;

namespace Starling.Hosting.Settings;

/// <summary>Makes settings of each kind of value.</summary>
internal static class SettingKinds
{
    private static readonly CountNotation Numbers = new(
        "a whole number",
        value => value.ToString(CultureInfo.InvariantCulture),
        text => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) ? value : null);

    private static readonly CountNotation Sizes = new(
        "a size in B, KiB, MiB, GiB or TiB",
        SizeText.Format,
        text => SizeText.TryParse(text, out long bytes) ? bytes : null);

    private static readonly CountNotation Durations = new(
        "a duration in ms, s, m, h or d",
        milliseconds => DurationText.Format(TimeSpan.FromMilliseconds(milliseconds)),
        text => DurationText.TryParse(text, out TimeSpan duration) ? duration.Ticks / TimeSpan.TicksPerMillisecond : null);

    public static Setting Number(SettingText text, SettingRange range, SettingAccess<long?> access) =>
        Counted(text, range, access, Numbers);

    public static Setting Size(SettingText text, SettingRange range, SettingAccess<long?> access) =>
        Counted(text, range, access, Sizes);

    public static Setting Duration(SettingText text, SettingRange range, SettingAccess<TimeSpan?> access)
    {
        SettingAccess<long?> milliseconds = new(
            options => access.Get(options) is TimeSpan duration ? duration.Ticks / TimeSpan.TicksPerMillisecond : null,
            (options, value) => access.With(options, value is long count ? TimeSpan.FromMilliseconds(count) : null));
        return Counted(text, range, milliseconds, Durations);
    }

    public static Setting Boolean(SettingText text, SettingAccess<bool> access) => Choice(
        text,
        [("true", true), ("false", false)],
        access);

    public static Setting Choice<T>(SettingText text, (string Word, T Value)[] choices, SettingAccess<T> access)
        where T : notnull => new(
            text,
            string.Join(", ", choices.Select(c => c.Word)),
            options => WordOf(choices, access.Get(options)),
            (options, value) =>
            {
                int index = Array.FindIndex(choices, c => c.Word.Equals(value, StringComparison.OrdinalIgnoreCase));
                return index < 0 ? null : access.With(options, choices[index].Value);
            });

    public static Setting Words(SettingText text, string absent, SettingAccess<string?> access) =>
        new(
            text,
            $"any text, or {absent}",
            options => access.Get(options) ?? absent,
            (options, value) => value.Length == 0 ? null : access.With(options, value == absent ? null : value));

    private static Setting Counted(
        SettingText text, SettingRange range, SettingAccess<long?> access, CountNotation notation) =>
        new(
            text,
            range.Describe(notation),
            options => access.Get(options) is long value ? notation.Format(value) : range.Absent ?? "",
            (options, value) =>
            {
                if (range.IsAbsent(value))
                {
                    return access.With(options, null);
                }

                return notation.Parse(value) is long count && range.Contains(count) ? access.With(options, count) : null;
            });

    // A value that a program has put in and that has no word reads as a number, which no choice allows.
    private static string WordOf<T>((string Word, T Value)[] choices, T value)
        where T : notnull
    {
        foreach ((string word, T choice) in choices)
        {
            if (choice.Equals(value))
            {
                return word;
            }
        }

        return value.ToString() ?? "";
    }
}
