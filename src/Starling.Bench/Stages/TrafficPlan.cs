using Starling.Bench.Loads;

namespace Starling.Bench.Stages;

/// <summary>How much is published.</summary>
internal sealed record TrafficPlan
{
    /// <summary>What it is, for people and for the section.</summary>
    public required string Name { get; init; }

    /// <summary>Who publishes, by loop.</summary>
    public required IReadOnlyList<LoadPublisher>[] Publishers { get; init; }

    /// <summary>Messages in all; 0: until the time is over.</summary>
    public long Messages { get; init; }

    /// <summary>How long is measured; zero: until the messages are published.</summary>
    public TimeSpan Duration { get; init; }

    public TimeSpan WarmUp { get; init; }

    public double Rate { get; init; }

    public long Window { get; init; }

    /// <summary>How many deliveries a message makes among the clients that are here; 0 for none.</summary>
    public int FanOut { get; init; }

    /// <summary>Whether the retained messages are removed again.</summary>
    public bool IsClearing { get; init; }

    /// <summary>Whether each message is acknowledged by the server.</summary>
    public bool IsAcknowledged { get; init; }
}
