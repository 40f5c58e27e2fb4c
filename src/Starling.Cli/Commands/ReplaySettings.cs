using Starling.Protocol;

namespace Starling.Cli.Commands;

/// <summary>What the flags of <c>replay</c> say.</summary>
internal sealed record ReplaySettings
{
    public required string File { get; init; }

    /// <summary>How many times as fast as it was recorded; infinite: as fast as it goes.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>From here on, in the time of the recording.</summary>
    public TimeSpan From { get; init; }

    /// <summary>Up to here, in the time of the recording; null: its end.</summary>
    public TimeSpan? To { get; init; }

    /// <summary>Again and again.</summary>
    public bool Loops { get; init; }

    public required TopicMap Topics { get; init; }

    /// <summary>Null: as recorded.</summary>
    public QualityOfService? Qos { get; init; }

    /// <summary>Null: as recorded.</summary>
    public bool? Retain { get; init; }

    /// <summary>The most publishes that wait for their acknowledgement.</summary>
    public int InFlightMax { get; init; }
}
