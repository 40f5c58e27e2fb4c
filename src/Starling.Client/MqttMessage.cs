using Starling.Protocol;

namespace Starling.Client;

/// <summary>An Application Message. Immutable; whoever makes one must not change the bytes that it was given.</summary>
public sealed record MqttMessage
{
    /// <summary>The Topic Name: 1 to 65535 bytes of UTF-8, no wildcards.</summary>
    public required string Topic { get; init; }

    /// <summary>The payload.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>The Quality of Service; QoS 1 unless said otherwise.</summary>
    public QualityOfService Qos { get; init; } = QualityOfService.AtLeastOnce;

    /// <summary>To publish: keep it as retained message. Received: it was kept, or Retain As Published says how it was published.</summary>
    public bool Retain { get; init; }

    /// <summary>The Content Type; null when absent. 5.0 only, as all that follows.</summary>
    public string? ContentType { get; init; }

    /// <summary>The Response Topic; null when absent.</summary>
    public string? ResponseTopic { get; init; }

    /// <summary>The Correlation Data; empty when absent.</summary>
    public ReadOnlyMemory<byte> CorrelationData { get; init; }

    /// <summary>The Message Expiry Interval, in whole seconds; null for never.</summary>
    public TimeSpan? Expiry { get; init; }

    /// <summary>The Payload Format Indicator; null when absent.</summary>
    public bool? PayloadIsUtf8 { get; init; }

    /// <summary>The User Properties.</summary>
    public UserProperties UserProperties { get; init; } = [];

    /// <summary>What telemetry says in place of the topic.</summary>
    internal string? DestinationTemplate { get; init; }
}
