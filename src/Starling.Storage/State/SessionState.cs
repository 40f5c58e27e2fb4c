using Starling.Protocol;
using Starling.Storage.Records;

namespace Starling.Storage.State;

/// <summary>A persistent session in the index.</summary>
internal sealed class SessionState(ulong number, byte[] clientIdentifier, QueuePool pool)
{
    private readonly DeliveryQueue _queue = new(pool);
    private Dictionary<ulong, uint[]>? _identifiers;
    private SharedFilters? _sharedFilters;

    public ulong Number { get; } = number;

    public byte[] ClientIdentifier { get; set; } = clientIdentifier;

    public byte[]? UserName { get; set; }

    public uint Epoch { get; set; }

    public uint ExpirySeconds { get; set; }

    public MqttVersion Version { get; set; }

    public long? AwaySinceUtcMilliseconds { get; set; }

    public StoredWill? Will { get; set; }

    public SubscriptionTable Subscriptions { get; } = new();

    /// <summary>QoS 2 Packet Identifiers that are in use; null while there was none.</summary>
    public HashSet<ushort>? Incoming { get; set; }

    /// <summary>Above every sequence number seen.</summary>
    public ulong NextSequence { get; private set; }

    /// <summary>Deliveries below it were sent.</summary>
    public ulong SentBelow { get; private set; }

    /// <summary>
    /// The LSN at which a checkpoint took it down; the records up to it say nothing new of it, but for its deliveries and subscriptions,
    /// which were taken down later.
    /// </summary>
    public ulong CapturedLsn { get; init; }

    /// <summary>Its place in the list of sessions.</summary>
    public int Slot { get; set; }

    /// <summary>The number of unfinished deliveries.</summary>
    public int DeliveryCount => _queue.Count;

    public Span<QueueEntry> FindDelivery(ulong sequence) => _queue.Find(sequence);

    public bool TryNextDelivery(ulong from, out ulong sequence, out QueueEntry entry) => _queue.TryNext(from, out sequence, out entry);

    public void SawSequence(ulong sequence) => NextSequence = Math.Max(NextSequence, sequence == ulong.MaxValue ? sequence : sequence + 1);

    public void SentUpTo(ulong below)
    {
        SentBelow = Math.Max(SentBelow, below);
        NextSequence = Math.Max(NextSequence, below);
    }

    /// <summary>Adds a delivery that is not there.</summary>
    public void AddDelivery(scoped in ReferenceView reference, QueueEntry entry)
    {
        int count = reference.IdentifierCount;
        entry.Identifier = count == 0 ? 0 : reference.IdentifierAt(0);
        uint[]? several = null;
        if (count > 1 || entry.Identifier == QueueEntry.Several)
        {
            entry.Identifier = QueueEntry.Several;
            several = reference.CopyIdentifiers();
        }

        RestoreDelivery(reference.Sequence, entry, several, reference.SharedFilter);
    }

    /// <summary>Adds a delivery that is not there, with its Subscription Identifiers if several and its shared filter if any.</summary>
    public void RestoreDelivery(ulong sequence, QueueEntry entry, uint[]? several, ReadOnlySpan<byte> sharedFilter)
    {
        if (several is not null)
        {
            (_identifiers ??= [])[sequence] = several;
        }

        entry.Group = sharedFilter.IsEmpty ? (ushort)0 : (_sharedFilters ??= new SharedFilters()).Take(sharedFilter);
        _queue.Add(sequence, entry);
    }

    public bool TryRemoveDelivery(ulong sequence, out QueueEntry entry)
    {
        if (!_queue.TryRemove(sequence, out entry))
        {
            return false;
        }

        if (entry.Identifier == QueueEntry.Several)
        {
            _identifiers?.Remove(sequence);
        }

        if (entry.Group != 0)
        {
            _sharedFilters?.Release(entry.Group);
        }

        return true;
    }

    /// <summary>Several Subscription Identifiers of a delivery; null in the common case.</summary>
    public uint[]? IdentifiersOf(ulong sequence, in QueueEntry entry) =>
        entry.Identifier == QueueEntry.Several && _identifiers is { } table && table.TryGetValue(sequence, out uint[]? several) ? several : null;

    /// <summary>The shared filter of a delivery; null when it was not shared.</summary>
    public byte[]? SharedFilterOf(in QueueEntry entry) => _sharedFilters?.Find(entry.Group);
}
