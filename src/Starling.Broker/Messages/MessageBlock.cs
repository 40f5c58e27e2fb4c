using Starling.Protocol.Loops;

namespace Starling.Broker.Messages;

/// <summary>
/// A pooled buffer with one or many stored messages, alive as long as one of them is referred to. Belongs to its store. Large messages are sent from it.
/// </summary>
internal sealed class MessageBlock(MessageStore store) : IOutputBlock
{
    public ReadOnlySpan<byte> Bytes => Buffer;

    /// <summary>Its number in the store.</summary>
    public required int Number { get; init; }

    public byte[] Buffer { get; set; } = [];

    /// <summary>References to all messages inside.</summary>
    public int References { get; set; }

    public int UsedBytes { get; set; }

    /// <summary>Whether its messages may stay: those of the short-lived stream are copied out when they wait.</summary>
    public bool IsLongLived { get; set; }

    /// <summary>
    /// The messages copied out of this block, by offset, each with one reference: holders of the same message share one copy.
    /// </summary>
    public Dictionary<int, StoredMessage>? Copies { get; set; }

    public void Release() => store.Release(this);
}
