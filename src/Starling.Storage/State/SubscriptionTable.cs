namespace Starling.Storage.State;

/// <summary>The subscriptions of one session: a list while they are few, with a table by filter when they are many.</summary>
internal sealed class SubscriptionTable
{
    private const int ListMax = 16;

    private readonly SlotList<StoredSubscription> _slots = new();
    private Dictionary<byte[], StoredSubscription>? _byFilter;

    public int Count => _slots.Count;

    public SlotList<StoredSubscription> Slots => _slots;

    public void Set(ReadOnlySpan<byte> filter, byte options, uint identifier)
    {
        if (Find(filter) is not { } subscription)
        {
            subscription = new StoredSubscription(filter.ToArray());
            subscription.Slot = _slots.Add(subscription);
            _byFilter?.Add(subscription.Filter, subscription);
            if (_byFilter is null && _slots.Count > ListMax)
            {
                MakeTable();
            }
        }

        subscription.Options = options;
        subscription.Identifier = identifier;
    }

    public void Remove(ReadOnlySpan<byte> filter)
    {
        if (Find(filter) is { } subscription)
        {
            _slots.Remove(subscription.Slot);
            _byFilter?.Remove(subscription.Filter);
        }
    }

    private StoredSubscription? Find(ReadOnlySpan<byte> filter)
    {
        if (_byFilter is { } table)
        {
            return table.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(filter, out StoredSubscription? found) ? found : null;
        }

        for (int slot = 0; slot < _slots.Length; slot++)
        {
            if (_slots[slot] is { } subscription && filter.SequenceEqual(subscription.Filter))
            {
                return subscription;
            }
        }

        return null;
    }

    private void MakeTable()
    {
        _byFilter = new Dictionary<byte[], StoredSubscription>(ByteKeys.Comparer);
        for (int slot = 0; slot < _slots.Length; slot++)
        {
            if (_slots[slot] is { } subscription)
            {
                _byFilter.Add(subscription.Filter, subscription);
            }
        }
    }
}
