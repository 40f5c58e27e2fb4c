namespace Starling.Hosting.Settings;

/// <summary>How a count is written: as a plain number, a size, or a duration in milliseconds.</summary>
/// <param name="What">The kind in words.</param>
/// <param name="Format">Writes it.</param>
/// <param name="Parse">Reads it; null when it is not of this kind.</param>
internal sealed record CountNotation(string What, Func<long, string> Format, Func<string, long?> Parse);
