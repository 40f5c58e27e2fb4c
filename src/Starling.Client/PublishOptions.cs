using Starling.Protocol;

namespace Starling.Client;

/// <summary>How a typed payload is published: what <see cref="MqttMessage"/> has besides topic and payload.</summary>
public sealed record PublishOptions
{
    /// <summary>The Quality of Service; QoS 1 unless said otherwise.</summary>
    public QualityOfService Qos { get; init; } = QualityOfService.AtLeastOnce;

    /// <summary>Whether the server keeps it as retained message.</summary>
    public bool Retain { get; init; }

    /// <summary>
    /// The Content Type, which also chooses the serializer; null: that of the serializer which handles the type. 5.0 only, as all that follows.
    /// </summary>
    public string? ContentType { get; init; }

    /// <summary>The Response Topic; null for none.</summary>
    public string? ResponseTopic { get; init; }

    /// <summary>The Correlation Data; empty for none.</summary>
    public ReadOnlyMemory<byte> CorrelationData { get; init; }

    /// <summary>The Message Expiry Interval, in whole seconds; null for never.</summary>
    public TimeSpan? Expiry { get; init; }

    /// <summary>The Payload Format Indicator; null for none.</summary>
    public bool? PayloadIsUtf8 { get; init; }

    /// <summary>The User Properties.</summary>
    public UserProperties UserProperties { get; init; } = [];

    /// <summary>
    /// What telemetry says in place of the topic, such as <c>sensors/{id}/temp</c>: metrics are told by it, because there may be many topics. Null
    /// for nothing. It is not sent.
    /// </summary>
    public string? DestinationTemplate { get; init; }
}
