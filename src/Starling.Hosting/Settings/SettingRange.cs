namespace Starling.Hosting.Settings;

/// <summary>What a counted setting may be.</summary>
/// <param name="Smallest">The smallest value.</param>
/// <param name="Largest">The largest value; <see cref="long.MaxValue"/>: not bounded.</param>
/// <param name="Absent">The word that stands for "not set"; null: it must be set.</param>
internal readonly record struct SettingRange(long Smallest, long Largest = long.MaxValue, string? Absent = null)
{
    public bool Contains(long value) => value >= Smallest && value <= Largest;

    public bool IsAbsent(string text) => Absent is not null && text.Equals(Absent, StringComparison.OrdinalIgnoreCase);

    /// <summary>The range in words.</summary>
    public string Describe(CountNotation notation)
    {
        string smallest = notation.Format(Smallest);
        string bounds = Largest == long.MaxValue ? $"{smallest} or more" : $"{smallest} to {notation.Format(Largest)}";
        return Absent is null ? $"{notation.What}, {bounds}" : $"{notation.What}, {bounds}, or {Absent}";
    }
}
