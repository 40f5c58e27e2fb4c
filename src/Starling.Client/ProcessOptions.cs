namespace Starling.Client;

/// <summary>How messages are handled.</summary>
public sealed record ProcessOptions
{
    /// <summary>The most handlers that run at a time; from 1. Default 1: one message after the other.</summary>
    public int MaxConcurrency { get; init; } = 1;

    /// <summary>
    /// Whether messages of one topic are handled one after the other, in the order of arrival, while those of other topics go on. Default true.
    /// </summary>
    public bool KeepTopicOrder { get; init; } = true;

    /// <summary>
    /// The most messages that are taken out of the subscription's buffer while their topic is busy or no handler is free; from 0. What is
    /// beyond waits in the buffer, which bounds QoS 0 by its <see cref="Overflow"/> and QoS 1 and 2 by Receive Maximum. Default 64.
    /// </summary>
    public int MaxWaiting { get; init; } = 64;

    /// <summary>
    /// Decides about a message whose handler threw; null: <see cref="HandlerFailure.Reject"/>. The fault is logged in any case, and the other
    /// messages go on. Called by the thread of the handler.
    /// </summary>
    public Func<MqttDelivery, Exception, HandlerFailure>? OnFailure { get; init; }

    internal ProcessOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxConcurrency, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxWaiting);
        return this;
    }
}
