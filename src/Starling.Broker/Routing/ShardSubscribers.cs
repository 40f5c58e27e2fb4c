using Starling.Broker.Sessions;

namespace Starling.Broker.Routing;

/// <summary>
/// The subscriptions of one shard on one leaf. Only its shard reads and writes it, except for <see cref="Occupancy"/> and the chain.
/// </summary>
/// <remarks>
/// The word has no cache line of its own beyond this object: others read it when they walk, not per message, and a line per shard and
/// leaf would cost a million filters a gigabyte on sixteen loops.
/// </remarks>
internal sealed class ShardSubscribers(int shard)
{
    private LocalTarget[] _targets = new LocalTarget[1];
    private int _persistentCount;
    private volatile LeafOccupancy _occupancy;
    private volatile ShardSubscribers? _next;

    public int Shard { get; } = shard;

    public int Count { get; private set; }

    /// <summary>In no order, and moved by every change.</summary>
    public ReadOnlySpan<LocalTarget> Targets => _targets.AsSpan(0, Count);

    /// <summary>Any thread may read it; it changes from and to None under the tree's lock only.</summary>
    public LeafOccupancy Occupancy => _occupancy;

    /// <summary>The next shard's set on the same leaf; changed under the tree's lock.</summary>
    public ShardSubscribers? Next
    {
        get => _next;
        set => _next = value;
    }

    public void Add(Subscription subscription, bool persistent)
    {
        if (Count == _targets.Length)
        {
            Array.Resize(ref _targets, Count * 2);
        }

        subscription.Slot = Count;
        subscription.IsPersistent = persistent;
        _targets[Count++] = new LocalTarget(subscription.Session, subscription, null);
        _persistentCount += persistent ? 1 : 0;
        UpdateOccupancy();
    }

    public void Remove(Subscription subscription)
    {
        int slot = subscription.Slot;
        LocalTarget last = _targets[--Count];
        _targets[slot] = last;
        last.Subscription.Slot = slot;
        _targets[Count] = default;
        subscription.Slot = -1;
        _persistentCount -= subscription.IsPersistent ? 1 : 0;
        if (Count > 0 && Count * 4 < _targets.Length)
        {
            Array.Resize(ref _targets, Count * 2);
        }

        UpdateOccupancy();
    }

    /// <summary>Returns whether the word has changed.</summary>
    public bool SetPersistent(Subscription subscription, bool persistent)
    {
        LeafOccupancy before = _occupancy;
        _persistentCount += (persistent ? 1 : 0) - (subscription.IsPersistent ? 1 : 0);
        subscription.IsPersistent = persistent;
        UpdateOccupancy();
        return before != _occupancy;
    }

    private void UpdateOccupancy()
    {
        LeafOccupancy now = Count == 0 ? LeafOccupancy.None : _persistentCount == 0 ? LeafOccupancy.Live : LeafOccupancy.HasPersistent;
        if (now != _occupancy)
        {
            _occupancy = now;
        }
    }
}
