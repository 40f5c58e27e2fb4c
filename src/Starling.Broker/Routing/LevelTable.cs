using System.Numerics;

namespace Starling.Broker.Routing;

/// <summary>
/// A hash table by level that one writer at a time changes (its owner holds the lock) while any thread reads without one. A node
/// never moves inside an array of slots: a reader that holds <see cref="Slots"/> meets everything that stays in the table exactly once.
/// </summary>
/// <remarks>A field of its node, never copied: a node without children costs nothing.</remarks>
internal struct LevelTable
{
    private const int SlotsMin = 2;

    private LevelSlot[]? _slots;
    private int _used;

    public int Count { get; private set; }

    /// <summary>A view for iteration; null when the table is empty. Some slots are empty or hold <see cref="LevelNode.Removed"/>.</summary>
    public readonly LevelSlot[]? Slots => Volatile.Read(in _slots);

    public readonly LevelNode? Find(in LevelKey key)
    {
        LevelSlot[]? slots = Slots;
        if (slots is null)
        {
            return null;
        }

        int mask = slots.Length - 1;
        for (int index = (int)key.Hash & mask; ; index = (index + 1) & mask)
        {
            ref LevelSlot slot = ref slots[index];
            LevelNode? node = Volatile.Read(ref slot.Node);
            if (node is null || (slot.Hash == key.Hash && node.Is(key)))
            {
                return node;
            }
        }
    }

    /// <summary>Adds a node whose level is not in the table.</summary>
    public void Add(LevelNode node)
    {
        if (_slots is null || (_used + 1) * 4L > _slots.Length * 3L)
        {
            Rebuild(Count + 1);
        }

        if (Place(_slots, node))
        {
            _used++;
        }

        Count++;
    }

    /// <summary>Removes a node that is in the table.</summary>
    public void Remove(LevelNode node)
    {
        LevelSlot[] slots = _slots ?? [];
        int mask = slots.Length - 1;
        int index = (int)node.Hash & mask;
        while (!ReferenceEquals(slots[index].Node, node))
        {
            index = (index + 1) & mask;
        }

        Count--;
        Volatile.Write(ref slots[index].Node, LevelNode.Removed);
        if (Count == 0)
        {
            _used = 0;
            Volatile.Write(ref _slots, null);
        }
        else if (Count * 8L < slots.Length)
        {
            Rebuild(Count);
        }
        else
        {
            EmptyRemovedUpTo(slots, index);
        }
    }

    /// <summary>Nothing lies behind a removed node that is followed by an empty slot, so it need not be stepped over.</summary>
    private void EmptyRemovedUpTo(LevelSlot[] slots, int index)
    {
        int mask = slots.Length - 1;
        if (slots[(index + 1) & mask].Node is not null)
        {
            return;
        }

        while (ReferenceEquals(slots[index].Node, LevelNode.Removed))
        {
            Volatile.Write(ref slots[index].Node, null);
            _used--;
            index = (index - 1) & mask;
        }
    }

    private void Rebuild(int count)
    {
        LevelSlot[] slots = new LevelSlot[Math.Max(SlotsMin, (int)BitOperations.RoundUpToPowerOf2((uint)count * 2))];
        foreach (LevelSlot slot in _slots ?? [])
        {
            if (slot.Node is not null && !ReferenceEquals(slot.Node, LevelNode.Removed))
            {
                Place(slots, slot.Node);
            }
        }

        _used = Count;
        Volatile.Write(ref _slots, slots);
    }

    /// <summary>Returns whether the slot was empty before, rather than one that a removed node has left.</summary>
    private static bool Place([System.Diagnostics.CodeAnalysis.NotNull] LevelSlot[]? slots, LevelNode node)
    {
        ArgumentNullException.ThrowIfNull(slots);
        int mask = slots.Length - 1;
        int index = (int)node.Hash & mask;
        while (slots[index].Node is { } other && !ReferenceEquals(other, LevelNode.Removed))
        {
            index = (index + 1) & mask;
        }

        bool wasEmpty = slots[index].Node is null;
        slots[index].Hash = node.Hash;
        Volatile.Write(ref slots[index].Node, node);
        return wasEmpty;
    }
}
