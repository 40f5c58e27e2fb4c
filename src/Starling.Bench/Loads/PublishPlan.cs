using Starling.Bench.Settings;
using Starling.Protocol;

namespace Starling.Bench.Loads;

/// <summary>What all publishers of a run have in common.</summary>
internal sealed record PublishPlan
{
    public required uint RunId { get; init; }

    public required MqttVersion Version { get; init; }

    public required QualityOfService Qos { get; init; }

    public required bool Retain { get; init; }

    public required PayloadSizes Sizes { get; init; }

    /// <summary>The most messages of a publisher that are not acknowledged, or not answered.</summary>
    public required int InFlight { get; init; }

    /// <summary>Whether a message is in flight until it is answered, at every QoS.</summary>
    public bool CountsAnswers { get; init; }
}
