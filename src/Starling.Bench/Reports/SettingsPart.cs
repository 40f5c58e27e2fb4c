namespace Starling.Bench.Reports;

/// <summary>All settings of a run in a JSON file.</summary>
internal sealed record SettingsPart
{
    public required string Server { get; init; }

    public required string Mqtt { get; init; }

    public required int Clients { get; init; }

    public required int Publishers { get; init; }

    public required int Subscribers { get; init; }

    public required long Messages { get; init; }

    public required string Size { get; init; }

    public required double Rate { get; init; }

    public required double DurationSeconds { get; init; }

    public required double RampSeconds { get; init; }

    public required double WarmupSeconds { get; init; }

    public required string Topics { get; init; }

    public required int Qos { get; init; }

    public required int Inflight { get; init; }

    public required long Window { get; init; }

    public required bool Retain { get; init; }

    public required int Concurrency { get; init; }

    public required double GatherMicroseconds { get; init; }

    public required int KeepAliveSeconds { get; init; }

    public required int Loops { get; init; }
}
