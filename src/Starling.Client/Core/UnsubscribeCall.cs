using Starling.Protocol.Packets;
using Starling.Protocol.Topics;

namespace Starling.Client.Core;

/// <summary>An UNSUBSCRIBE that waits for its answer, over reconnects if need be.</summary>
internal sealed class UnsubscribeCall
{
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public UnsubscribeCall(MqttSubscription subscription)
    {
        byte[] filter = subscription.WireFilter;
        Subscription = subscription;
        Entry = new byte[UnsubscribeFilterWriter.GetByteCount(filter)];
        UnsubscribeFilterWriter.Write(Entry, filter);
    }

    /// <summary>What was disposed.</summary>
    public MqttSubscription Subscription { get; }

    /// <summary>The filter.</summary>
    public byte[] Filter => Subscription.WireFilter;

    /// <summary>The filter in wire form.</summary>
    public byte[] Entry { get; }

    /// <summary>Whether the subscription was for this topic.</summary>
    public bool Matches(ReadOnlySpan<byte> topic) =>
        Protocol.Topics.TopicFilter.Matches(SharedFilter.TryParse(Filter, out _, out ReadOnlySpan<byte> inner) ? inner : Filter, topic);

    public Task Answered => _answered.Task;

    public void Complete() => _answered.TrySetResult();

    public void Fail(MqttException cause) => _answered.TrySetException(cause);
}
