using Starling.Client.Core;
using Starling.Protocol;

namespace Starling.Client;

/// <summary>How to request.</summary>
public sealed record RequestOptions
{
    /// <summary>How long to wait for the reply; above 0, at most 24 h. Also the Message Expiry Interval of the request. Default 10 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The Quality of Service of the request; QoS 1, without which nobody learns that there is no responder.</summary>
    public QualityOfService Qos { get; init; } = QualityOfService.AtLeastOnce;

    /// <summary>The Content Type; null: that of the serializer.</summary>
    public string? ContentType { get; init; }

    /// <summary>The User Properties of the request.</summary>
    public UserProperties UserProperties { get; init; } = [];

    internal RequestOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Timeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Timeout, OptionsValidator.WaitMax);
        return this;
    }
}
