namespace Starling.Client.Telemetry;

/// <summary>What is read when somebody asks for the gauges. Any thread.</summary>
internal sealed record TelemetryGauges
{
    public required Func<ConnectionState> State { get; init; }

    public required Func<int> Inflight { get; init; }

    public required Func<OutboxInfo> Outbox { get; init; }

    public required Func<int> HeldAcknowledgements { get; init; }
}
