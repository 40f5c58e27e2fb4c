using Starling.Bench.Measuring;
using Starling.Bench.Observing;

namespace Starling.Bench.Results;

/// <summary>What one second of a run has brought.</summary>
internal sealed record Sample
{
    /// <summary>What was going on.</summary>
    public required string Stage { get; init; }

    /// <summary>Seconds since the begin of the run.</summary>
    public required double At { get; init; }

    /// <summary>How many seconds this sample is about.</summary>
    public required double Seconds { get; init; }

    /// <summary>The sums since the begin of the run.</summary>
    public required LoadCounts Totals { get; init; }

    public required double SentPerSecond { get; init; }

    public required double DeliveredPerSecond { get; init; }

    /// <summary>Connections, or cycles of <c>churn</c>, a second.</summary>
    public required double ConnectsPerSecond { get; init; }

    /// <summary>Nanoseconds; of messages if there were any, else of connections; 0 without values.</summary>
    public required long P50 { get; init; }

    public required long P99 { get; init; }

    public required long Largest { get; init; }

    /// <summary>How much of its processor time the busiest loop has used, from 0 to 1.</summary>
    public required double GeneratorShare { get; init; }

    /// <summary>Processors that the server has kept busy; null when its process is not known.</summary>
    public required double? BrokerProcessors { get; init; }

    public required BrokerUsage? Broker { get; init; }
}
