namespace Starling.Tidy;

/// <summary>A place that breaks a rule, and what to do about it.</summary>
/// <param name="Path">Relative to the root of the repository.</param>
/// <param name="Line">From 1.</param>
/// <param name="Remedy">What is wrong and what to do.</param>
internal readonly record struct Offence(string Path, int Line, string Remedy)
{
    public override string ToString() => $"{Path}:{Line}: {Remedy}";

    /// <summary>Fails with one line for each offence.</summary>
    public static void AssertNone(IEnumerable<Offence> offences)
    {
        string[] lines = [.. offences.Select(offence => offence.ToString()).Distinct().Order(StringComparer.Ordinal)];
        if (lines.Length > 0)
        {
            Assert.Fail(string.Join('\n', lines));
        }
    }
}
