namespace Starling.Bench.Reports;

/// <summary>A stretch of a run in a JSON file. A figure without anything to count is null.</summary>
internal sealed record SectionPart
{
    public required string Name { get; init; }

    public required double Seconds { get; init; }

    public required long Sent { get; init; }

    public required long Delivered { get; init; }

    public required long Acknowledged { get; init; }

    public required long Connected { get; init; }

    public required long Cycles { get; init; }

    public required double? SentPerSecond { get; init; }

    public required double? DeliveredPerSecond { get; init; }

    public required double? ConnectedPerSecond { get; init; }

    public required double? CyclesPerSecond { get; init; }

    /// <summary>Processor time of the server for each delivery, else message, cycle or connection.</summary>
    public required double? BrokerMicrosecondsPerUnit { get; init; }

    public required double? BrokerCpuSeconds { get; init; }

    public required long? BrokerResidentBytesBefore { get; init; }

    public required long? BrokerResidentBytesAfter { get; init; }

    public required long? BrokerResidentBytesPeak { get; init; }

    public required double GeneratorMicrosecondsPerUnit { get; init; }

    public required double GeneratorAllocatedBytesPerUnit { get; init; }

    /// <summary>The part of its processor time that each loop of the generator used.</summary>
    public required IReadOnlyList<double> LoopShares { get; init; }
}
