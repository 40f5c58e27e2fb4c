using Starling.Broker.Messages;

namespace Starling.Broker.Sessions;

/// <summary>What the deliveries of one outbox refer to and cost: one reference to a message each, their bytes, and the memory of their places.</summary>
internal sealed class OutboxMessages(MessageStore store)
{
    private Dictionary<ulong, uint[]>? _identifiers;
    private long _chargedBytes;

    /// <summary>Bytes of the messages, as if none were shared with another session.</summary>
    public long Bytes { get; private set; }

    public bool IsBacked => store.IsBacked;

    /// <summary>Several Subscription Identifiers of one delivery; null in the common case.</summary>
    public uint[]? IdentifiersOf(ulong sequence) => _identifiers?.GetValueOrDefault(sequence);

    /// <summary>A delivery begins; its reference is taken over.</summary>
    public void Add(in OutboxEntry delivery, ulong sequence, uint[]? identifiers)
    {
        Bytes += delivery.Message.ByteCount;
        if (identifiers is not null)
        {
            (_identifiers ??= []).Add(sequence, identifiers);
        }
    }

    /// <summary>A delivery is over.</summary>
    public void Remove(ref OutboxEntry entry, ulong sequence)
    {
        Release(ref entry);
        _identifiers?.Remove(sequence);
    }

    /// <summary>The message is not needed any more.</summary>
    public void Release(ref OutboxEntry entry)
    {
        Bytes -= entry.Message.ByteCount;
        if (!entry.Message.IsNone)
        {
            store.Release(entry.Message);
        }

        entry.Message = default;
    }

    /// <summary>The message leaves the memory, and can be read back.</summary>
    public void Drop(ref OutboxEntry entry)
    {
        if (!entry.Message.IsNone)
        {
            store.Release(entry.Message);
            entry.Message = StoredMessage.Elsewhere(entry.Message.ByteCount);
        }
    }

    /// <summary>The message was read back; its reference is taken over.</summary>
    public void Fill(ref OutboxEntry entry, StoredMessage message)
    {
        Bytes += message.ByteCount - entry.Message.ByteCount;
        entry.Message = message;
    }

    /// <summary>The message waits long: it leaves the short-lived ones.</summary>
    public void CopyOut(ref OutboxEntry entry)
    {
        if (entry.IsStored && store.IsBacked)
        {
            Drop(ref entry);
        }
        else if (!entry.Message.IsNone)
        {
            entry.Message = store.CopyOut(entry.Message);
        }
    }

    /// <summary>A backlog of small messages is mostly places, so they count as memory too.</summary>
    public void ChargePlaces(long bytes)
    {
        if (bytes != _chargedBytes)
        {
            store.Charge(bytes - _chargedBytes);
            _chargedBytes = bytes;
        }
    }
}
