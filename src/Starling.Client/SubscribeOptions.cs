using Starling.Protocol;

namespace Starling.Client;

/// <summary>How to subscribe.</summary>
public sealed record SubscribeOptions
{
    /// <summary>The highest QoS to receive.</summary>
    public QualityOfService MaximumQos { get; init; } = QualityOfService.AtLeastOnce;

    /// <summary>When deliveries are acknowledged.</summary>
    public AckMode Ack { get; init; } = AckMode.AfterBody;

    /// <summary>Whether retained messages are wanted. 5.0 only.</summary>
    public RetainHandling Retained { get; init; } = RetainHandling.SendAtSubscribe;

    /// <summary>Leaves out what this client publishes. 5.0 only; not with <see cref="ShareGroup"/>.</summary>
    public bool NoLocal { get; init; }

    /// <summary>Keeps RETAIN as it was published. 5.0 only.</summary>
    public bool RetainAsPublished { get; init; }

    /// <summary>The Share Name: subscribes to $share/group/filter; null for an ordinary subscription.</summary>
    public string? ShareGroup { get; init; }

    /// <summary>The User Properties of SUBSCRIBE, each time it is sent. 5.0 only.</summary>
    public UserProperties UserProperties { get; init; } = [];

    /// <summary>The most QoS 0 messages that wait here, from 1; QoS 1 and 2 are bounded by Receive Maximum.</summary>
    public int Buffer { get; init; } = 4096;

    /// <summary>What happens to QoS 0 messages above <see cref="Buffer"/>.</summary>
    public Overflow Overflow { get; init; } = Overflow.DropOldest;
}
