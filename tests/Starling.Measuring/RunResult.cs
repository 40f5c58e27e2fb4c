namespace Starling.Measuring;

/// <summary>How a program ended, and what it printed.</summary>
internal sealed record RunResult(int ExitCode, string Output, string Errors)
{
    public RunResult Expect(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"The exit code is {ExitCode}, not {exitCode}.\n{Output}\n{Errors}");
        return this;
    }

    /// <summary>The cells of the first row of a Markdown table that begins with these.</summary>
    public string[] Row(params string[] first)
    {
        foreach (string line in Output.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)))
        {
            string[] cells = [.. line.Trim('|').Split('|').Select(cell => cell.Trim())];
            if (cells.Take(first.Length).SequenceEqual(first))
            {
                return cells;
            }
        }

        Assert.Fail($"No row begins with {string.Join(", ", first)}:\n{Output}\n{Errors}");
        return [];
    }
}
