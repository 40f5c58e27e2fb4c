using Starling.Broker.Messages;

namespace Starling.Broker.Sessions;

/// <summary>
/// What the deliveries of one outbox refer to and cost: one reference to a message each, their bytes, and the memory of their places. A part of its outbox,
/// never copied.
/// </summary>
internal struct OutboxMessages(MessageStore store)
{
    /// <summary>What a place with several Subscription Identifiers costs beyond the ring.</summary>
    private const int IdentifiersBytes = 48;

    private readonly MessageStore _store = store;
    private Dictionary<ulong, uint[]>? _identifiers;
    private long _chargedBytes;

    /// <summary>Bytes of the messages that are kept, as if none were shared with another session.</summary>
    public long Bytes { readonly get; private set; }

    public readonly bool IsBacked => _store.IsBacked;

    /// <summary>Several Subscription Identifiers of one delivery; null in the common case.</summary>
    public readonly uint[]? IdentifiersOf(ulong sequence) => _identifiers?.GetValueOrDefault(sequence);

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
        if (_identifiers is not null && _identifiers.Remove(sequence) && _identifiers.Count == 0)
        {
            _identifiers = null;
        }
    }

    /// <summary>The message is not needed any more.</summary>
    public void Release(ref OutboxEntry entry)
    {
        Bytes -= entry.Message.ByteCount;
        if (!entry.Message.IsNone)
        {
            _store.Release(entry.Message);
        }

        entry.Message = default;
    }

    /// <summary>The message leaves the memory, and can be read back.</summary>
    public readonly void Drop(ref OutboxEntry entry)
    {
        if (!entry.Message.IsNone)
        {
            _store.Release(entry.Message);
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
    public readonly void CopyOut(ref OutboxEntry entry)
    {
        if (entry.IsStored && _store.IsBacked)
        {
            Drop(ref entry);
        }
        else if (!entry.Message.IsNone)
        {
            entry.Message = _store.CopyOut(entry.Message);
        }
    }

    /// <summary>A backlog of small messages is mostly places, so they count as memory too.</summary>
    public void ChargePlaces(long bytes)
    {
        bytes += (_identifiers?.Count ?? 0) * IdentifiersBytes;
        if (bytes != _chargedBytes)
        {
            _store.Charge(bytes - _chargedBytes);
            _chargedBytes = bytes;
        }
    }
}
