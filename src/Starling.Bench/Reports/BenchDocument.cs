namespace Starling.Bench.Reports;

/// <summary>A result as it stands in a JSON file. Members are only added; a change of meaning raises the version.</summary>
internal sealed record BenchDocument
{
    public const string CurrentSchema = "starling-bench/1";

    public required string Schema { get; init; }

    public required string Tool { get; init; }

    public required DateTimeOffset Begun { get; init; }

    public required string Scenario { get; init; }

    /// <summary>Whether the figures are the server's: false when a run at a rate was limited by the generator.</summary>
    public required bool Valid { get; init; }

    public required IReadOnlyList<string> InvalidReasons { get; init; }

    /// <summary>Promises of the QoS that the server broke.</summary>
    public required IReadOnlyList<string> Broken { get; init; }

    /// <summary>What ended the run early; null for nothing.</summary>
    public required string? Failure { get; init; }

    public required bool Interrupted { get; init; }

    public required SettingsPart Settings { get; init; }

    public required EnvironmentPart Environment { get; init; }

    public required ServerPart? Server { get; init; }

    public required MessagesPart Messages { get; init; }

    public required IReadOnlyList<SectionPart> Sections { get; init; }

    /// <summary>By what was timed, in microseconds.</summary>
    public required IReadOnlyDictionary<string, LatencyPart> LatencyMicroseconds { get; init; }

    /// <summary>Memory that the server's process took for each connection of <c>conn</c>; null when it is not known.</summary>
    public required double? BytesPerConnection { get; init; }
}
