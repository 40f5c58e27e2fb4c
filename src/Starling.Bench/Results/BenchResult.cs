using Starling.Bench.Measuring;
using Starling.Bench.Running;
using Starling.Bench.Settings;
using Starling.Protocol;
using Starling.Protocol.Connections;

namespace Starling.Bench.Results;

/// <summary>What a run has found.</summary>
internal sealed record BenchResult
{
    public required BenchSettings Settings { get; init; }

    public required DateTimeOffset Begun { get; init; }

    /// <summary>What ended it early; null for nothing.</summary>
    public required RunFailure? Failure { get; init; }

    /// <summary>Whether somebody ended it early.</summary>
    public required bool IsInterrupted { get; init; }

    /// <summary>What the server said of itself; null when none has accepted a client.</summary>
    public required ServerLimits? Server { get; init; }

    public required LoadCounts Totals { get; init; }

    /// <summary>How many deliveries the messages should have made.</summary>
    public required long Expected { get; init; }

    public required IReadOnlyList<Section> Sections { get; init; }

    public required IReadOnlyList<Sample> Samples { get; init; }

    /// <summary>The times that were taken; those without a value are not here.</summary>
    public required IReadOnlyDictionary<Measure, LatencyHistogram> Times { get; init; }

    /// <summary>Why the run says nothing about the server; empty when it does.</summary>
    public required IReadOnlyList<string> Invalid { get; init; }

    /// <summary>Deliveries that never came. Who only listens knows of those that later ones have overtaken.</summary>
    public long Lost => Settings.Scenario == BenchScenario.Sub ? Totals.Missing : Math.Max(0, Expected - Totals.Delivered);

    /// <summary>Memory that the server's process took for each connection that <c>conn</c> held; null when its process is not known.</summary>
    public double? BytesPerConnection =>
        Settings.Scenario == BenchScenario.Conn && Sections is [{ BrokerBefore: { } before, Counts.Accepted: > 0 and var accepted }, { BrokerAfter: { } after }]
            ? (after.ResidentBytes - before.ResidentBytes) / (double)accepted
            : null;

    public bool IsValid => Invalid.Count == 0;

    /// <summary>What the server broke of the promises of the QoS: each a line for people.</summary>
    public IReadOnlyList<string> Broken
    {
        get
        {
            List<string> broken = [];
            bool isWhole = Failure is null && !IsInterrupted;
            if (Settings.Qos != QualityOfService.AtMostOnce && Lost > 0 && isWhole)
            {
                broken.Add($"{Lost} messages of QoS {(int)Settings.Qos} were lost");
            }

            if (Settings.Qos == QualityOfService.ExactlyOnce && Totals.Duplicates > 0)
            {
                broken.Add($"{Totals.Duplicates} messages of QoS 2 arrived twice");
            }

            // A message that a shared subscription hands to another member may come late there.
            if (Settings.Qos != QualityOfService.AtMostOnce && Totals.Reordered > 0 && Settings.Scenario != BenchScenario.Share)
            {
                broken.Add($"{Totals.Reordered} messages of one publisher and topic arrived out of order");
            }

            return broken;
        }
    }

    public static BenchResult Of(BenchRun run, DateTimeOffset begun)
    {
        Dictionary<Measure, LatencyHistogram> times = [];
        foreach (Measure measure in Enum.GetValues<Measure>())
        {
            LatencyHistogram histogram = run.Histogram(measure);
            if (histogram.Count > 0)
            {
                times.Add(measure, histogram);
            }
        }

        return new BenchResult
        {
            Settings = run.Settings,
            Begun = begun,
            Failure = run.Failure,
            IsInterrupted = run.IsStopRequested,
            Server = run.Server,
            Totals = WithoutRemovals(run.Count(), run.Director.Sections),
            Expected = run.Director.Expected,
            Sections = run.Director.Sections,
            Samples = run.Director.Samples,
            Times = times,
            Invalid = GeneratorCheck.Find(run.Settings, run.Director.Sections, times.GetValueOrDefault(Measure.Lateness)),
        };
    }

    // What removes retained messages at the end is no part of the load.
    private static LoadCounts WithoutRemovals(LoadCounts totals, IReadOnlyList<Section> sections) => sections
        .Where(section => section.Name == "clear")
        .Aggregate(totals, (rest, clear) => rest with { Sent = rest.Sent - clear.Counts.Sent, Acknowledged = rest.Acknowledged - clear.Counts.Acknowledged });
}
