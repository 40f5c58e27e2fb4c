using Starling.Protocol.Packets;

namespace Starling.Client.Core;

/// <summary>An UNSUBSCRIBE that waits for its answer, over reconnects if need be.</summary>
internal sealed class UnsubscribeCall
{
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public UnsubscribeCall(byte[] filter)
    {
        Filter = filter;
        Entry = new byte[UnsubscribeFilterWriter.GetByteCount(filter)];
        UnsubscribeFilterWriter.Write(Entry, filter);
    }

    /// <summary>The filter.</summary>
    public byte[] Filter { get; }

    /// <summary>The filter in wire form.</summary>
    public byte[] Entry { get; }

    public Task Answered => _answered.Task;

    public void Complete() => _answered.TrySetResult();

    public void Fail(MqttException cause) => _answered.TrySetException(cause);
}
