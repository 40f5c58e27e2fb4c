using Starling.Protocol;

namespace Starling.Client;

/// <summary>The outcome of a publish.</summary>
/// <param name="Status">What became of it.</param>
/// <param name="Reason">What the server said; null for QoS 0 and 3.x, where it says nothing.</param>
/// <param name="ReasonString">For people; null when absent.</param>
/// <param name="UserProperties">Of the acknowledgement.</param>
public sealed record PublishResult(PublishStatus Status, ReasonCode? Reason, string? ReasonString, UserProperties UserProperties)
{
    /// <summary>Whether the server said that nobody is subscribed; false when it did not say anything.</summary>
    public bool NoSubscribers => Reason == ReasonCode.NoMatchingSubscribers;

    internal static PublishResult Written { get; } = new(PublishStatus.Written, null, null, []);

    internal static PublishResult Acknowledged { get; } = new(PublishStatus.Acknowledged, ReasonCode.Success, null, []);

    internal static PublishResult AcknowledgedWithoutCode { get; } = new(PublishStatus.Acknowledged, null, null, []);

    internal static PublishResult Refused(ReasonCode reason) => new(PublishStatus.Refused, reason, null, []);
}
