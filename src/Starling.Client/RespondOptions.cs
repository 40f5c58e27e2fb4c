using Starling.Protocol;

namespace Starling.Client;

/// <summary>How to respond to requests.</summary>
public sealed record RespondOptions
{
    /// <summary>The most requests that are handled at a time; from 1. Default 16. Their order is not kept.</summary>
    public int MaxConcurrency { get; init; } = 16;

    /// <summary>The Share Name, with which each request goes to one of several responders; null for none.</summary>
    public string? ShareGroup { get; init; }

    /// <summary>The Quality of Service of replies. Default QoS 1.</summary>
    public QualityOfService Qos { get; init; } = QualityOfService.AtLeastOnce;

    /// <summary>The Content Type of replies; null: that of the serializer.</summary>
    public string? ContentType { get; init; }

    /// <summary>
    /// The text that the requester gets when the handler throws; null: that it failed, without a reason. What it returns leaves this program.
    /// </summary>
    public Func<Exception, string>? FailureText { get; init; }

    internal RespondOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxConcurrency, 1);
        return this;
    }
}
