using System.Text.RegularExpressions;

namespace Starling.Cli.Tests.Mosquitto;

/// <summary>Compares our tools, called by the names of mosquitto's, with those that are installed: output, errors, exit code, packets, files.</summary>
internal static partial class FlagComparison
{
    public static void SkipWithoutMosquitto(string tool) =>
        Assert.SkipUnless(File.Exists($"/usr/bin/mosquitto_{tool}"), $"mosquitto_{tool} is not installed (Debian: mosquitto-clients, mosquitto).");

    /// <summary>The flags that the help of the installed tool names.</summary>
    public static async Task<IReadOnlyList<string>> ReadHelpAsync(string tool, FlagFixture fixture)
    {
        ToolOutcome help = await new FlagRunner(fixture).RunTheirsAsync(new FlagRow(tool, "--help", "--help"));
        ToolOutcome usage = await new FlagRunner(fixture).RunTheirsAsync(new FlagRow(tool, "", ""));
        string text = tool == "passwd" ? usage.Output : help.Output;
        return [.. Flag().Matches(text).Select(static match => match.Value).Distinct().Order(StringComparer.Ordinal)];
    }

    public static async Task CompareAsync(FlagRow row, FlagFixture fixture)
    {
        FlagRunner runner = new(fixture);
        ToolOutcome theirs = await runner.RunTheirsAsync(row);
        ToolOutcome ours = await runner.RunOursAsync(row);
        string expected = Without(theirs, row);
        string actual = Without(ours, row);
        Assert.True(expected == actual, $"{row}\nmosquitto:\n{expected}\nStarling:\n{actual}");
        Differing differing = Compare(theirs, ours);
        Assert.True(row.Varies is not null || (row.Differs & ~differing) == Differing.None, $"{row} is listed to differ in {row.Differs}, but differs in {differing} only.");
        Assert.Equal(row.Differs == Differing.None, row.Difference is null && row.Varies is null);
    }

    private static string Without(ToolOutcome outcome, FlagRow row)
    {
        string Keep(Differing part, string text) => row.Differs.HasFlag(part) ? "(not compared)" : text;
        return $"""
            code {Keep(Differing.Code, outcome.Code.ToString(System.Globalization.CultureInfo.InvariantCulture))}
            output {Keep(Differing.Output, outcome.Output)}
            error {Keep(Differing.Error, outcome.Error)}
            packets {Keep(Differing.Packets, outcome.Packets)}
            files {Keep(Differing.File, outcome.File)}
            """;
    }

    private static Differing Compare(ToolOutcome one, ToolOutcome other) =>
        (one.Code == other.Code ? Differing.None : Differing.Code)
        | (one.Output == other.Output ? Differing.None : Differing.Output)
        | (one.Error == other.Error ? Differing.None : Differing.Error)
        | (one.Packets == other.Packets ? Differing.None : Differing.Packets)
        | (one.File == other.File ? Differing.None : Differing.File);

    // At the beginning of a line, or behind a bracket of the usage.
    [GeneratedRegex("(?<=^ ?|\\[|\\{|\\| |\\] )-{1,2}[A-Za-z][a-z0-9-]*(?=[ \\]\\n|])", RegexOptions.Multiline)]
    private static partial Regex Flag();
}
