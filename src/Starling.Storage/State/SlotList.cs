namespace Starling.Storage.State;

/// <summary>
/// Items that keep their place from when they are added until they are removed, so that one can walk over them in pieces while they
/// come and go: what is there all the time is met once.
/// </summary>
internal sealed class SlotList<T>
    where T : class
{
    private readonly List<T?> _slots = [];
    private readonly Stack<int> _free = new();

    /// <summary>The number of places.</summary>
    public int Length => _slots.Count;

    /// <summary>The number of items.</summary>
    public int Count => _slots.Count - _free.Count;

    public T? this[int slot] => _slots[slot];

    public int Add(T item)
    {
        if (_free.TryPop(out int slot))
        {
            _slots[slot] = item;
            return slot;
        }

        _slots.Add(item);
        return _slots.Count - 1;
    }

    public void Remove(int slot)
    {
        _slots[slot] = null;
        _free.Push(slot);
    }
}
