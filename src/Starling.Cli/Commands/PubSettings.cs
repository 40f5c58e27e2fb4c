using Starling.Client;

namespace Starling.Cli.Commands;

/// <summary>What the flags of <c>pub</c> say.</summary>
internal sealed record PubSettings
{
    public required PayloadSource Source { get; init; }

    /// <summary>The payload as text, or the path of its file.</summary>
    public required string Text { get; init; }

    /// <summary>The message without its payload.</summary>
    public required MqttMessage Template { get; init; }

    public int Repetitions { get; init; }

    public TimeSpan RepeatDelay { get; init; }

    /// <summary>How the payload is written.</summary>
    public PayloadForm Form { get; init; }

    /// <summary>The most messages in a second; null: as many as there are.</summary>
    public double? RatePerSecond { get; init; }

    /// <summary>The most publishes that wait for their acknowledgement.</summary>
    public int InFlightMax { get; init; }
}
