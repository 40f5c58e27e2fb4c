using Starling.Bench.Measuring;
using Starling.Bench.Observing;

namespace Starling.Bench.Results;

/// <summary>A stretch of a run that was measured.</summary>
internal sealed record Section
{
    /// <summary>Which one: <c>connect</c>, <c>traffic</c>, <c>store</c>, <c>delivery</c>, <c>hold</c>, <c>cycles</c>.</summary>
    public required string Name { get; init; }

    /// <summary>How long it took, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Until the last message was sent or acknowledged, in seconds.</summary>
    public required double SecondsOfSending { get; init; }

    /// <summary>Until the last message arrived, in seconds.</summary>
    public required double SecondsOfArrival { get; init; }

    /// <summary>What was counted in it.</summary>
    public required LoadCounts Counts { get; init; }

    /// <summary>How much of its processor time each loop has used, from 0 to 1.</summary>
    public required IReadOnlyList<double> LoopShares { get; init; }

    /// <summary>Processor time of the generator, in nanoseconds.</summary>
    public required long GeneratorCpu { get; init; }

    /// <summary>Memory that the generator has made and let go, in bytes.</summary>
    public required long GeneratorAllocated { get; init; }

    /// <summary>The server before; null when its process is not known.</summary>
    public required BrokerUsage? BrokerBefore { get; init; }

    /// <summary>The server after.</summary>
    public required BrokerUsage? BrokerAfter { get; init; }

    public double SentPerSecond => PerSecond(Counts.Sent, SecondsOfSending);

    public double DeliveredPerSecond => PerSecond(Counts.Delivered, SecondsOfArrival);

    public double AcceptedPerSecond => PerSecond(Counts.Accepted, Seconds);

    public double CyclesPerSecond => PerSecond(Counts.Cycles, Seconds);

    /// <summary>Processor time of the server in nanoseconds.</summary>
    public long? BrokerCpu => BrokerAfter is { } after && BrokerBefore is { } before ? after.CpuNanoseconds - before.CpuNanoseconds : null;

    /// <summary>What the numbers of this section are counted in: deliveries, else messages, cycles or connections.</summary>
    public long Units => Counts switch
    {
        { Delivered: > 0 } => Counts.Delivered,
        { Sent: > 0 } => Counts.Sent,
        { Cycles: > 0 } => Counts.Cycles,
        _ => Counts.Accepted,
    };

    /// <summary>Microseconds of the server's processor time for each unit.</summary>
    public double? BrokerMicrosecondsPerUnit => BrokerCpu is { } cpu && Units > 0 ? cpu / BenchClock.PerMicrosecond / Units : null;

    public double GeneratorMicrosecondsPerUnit => Units > 0 ? GeneratorCpu / BenchClock.PerMicrosecond / Units : 0;

    public double GeneratorAllocatedPerUnit => Units > 0 ? GeneratorAllocated / (double)Units : 0;

    private static double PerSecond(long count, double seconds) => seconds > 0 ? count / seconds : 0;
}
