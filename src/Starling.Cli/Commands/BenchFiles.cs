using Starling.Bench.Reports;

namespace Starling.Cli.Commands;

/// <summary>What becomes of the results of <c>bench</c>.</summary>
internal sealed record BenchFiles
{
    public string? Json { get; init; }

    public string? Csv { get; init; }

    public string? Histogram { get; init; }

    /// <summary>What to compare with; null for nothing.</summary>
    public BenchDocument? Earlier { get; init; }

    public double TolerancePercent { get; init; }

    /// <summary>Whether JSON is printed instead of text.</summary>
    public bool PrintsJson { get; init; }
}
