using System.Numerics;
using Starling.Protocol;

namespace Starling.Broker.Timers;

/// <summary>
/// The timers of one shard. Time is counted in granules; level n of the wheel has 64 slots of 64^n granules each, and a timer lies
/// in the level of the highest digit (base 64) in which its granule differs from the current one. It moves down when the current
/// granule reaches its slot, so a deadline hours away costs two or three wake-ups in all.
/// </summary>
internal sealed class TimerWheel
{
    /// <summary>A timer fires at most this late, if <see cref="Fire"/> is called at <see cref="NextDeadline"/>.</summary>
    public const int GranuleMilliseconds = 1 << GranuleShift;

    private const int GranuleShift = 5;
    private const int DigitBits = 6;
    private const int SlotsPerLevel = 1 << DigitBits;

    // As many as any deadline needs.
    private const int Levels = 10;
    private const long FarthestGranule = long.MaxValue >> GranuleShift;

    // After the slots of the levels: those due at the next call, and those that fire now.
    private const short DueSlot = Levels * SlotsPerLevel;
    private const short FiringSlot = DueSlot + 1;

    private readonly TimerNode?[] _slots = new TimerNode?[FiringSlot + 1];
    private readonly ulong[] _occupied = new ulong[Levels];
    private long _currentGranule;

    /// <summary>Armed timers.</summary>
    public int Count { get; private set; }

    /// <summary>When to call <see cref="Fire"/> next, in monotonic milliseconds; <see cref="long.MaxValue"/> if no timer is armed.</summary>
    public long NextDeadline
    {
        get
        {
            if (_slots[DueSlot] is not null)
            {
                return _currentGranule << GranuleShift;
            }

            return TryFindNext(out long granule, out _) ? granule << GranuleShift : long.MaxValue;
        }
    }

    /// <summary>Arms a timer, or moves it if it is armed. A deadline that has passed fires at the next <see cref="Fire"/>.</summary>
    public void Set(TimerNode node, long deadlineMonotonicMilliseconds)
    {
        Cancel(node);
        node.DeadlineMonotonicMilliseconds = deadlineMonotonicMilliseconds;
        Place(node);
        Count++;
    }

    /// <summary>Disarms a timer, if it is armed.</summary>
    public void Cancel(TimerNode node)
    {
        if (node.IsArmed)
        {
            Unlink(node);
            Count--;
        }
    }

    /// <summary>Calls the owners of all timers that are due, in the order of their granules, and returns how many.</summary>
    public int Fire(in Instant now)
    {
        long target = now.MonotonicMilliseconds >> GranuleShift;
        int fired = FireSlot(DueSlot, now);
        while (TryFindNext(out long granule, out short slot) && granule <= target)
        {
            _currentGranule = granule;
            if (slot < SlotsPerLevel)
            {
                fired += FireSlot(slot, now);
                continue;
            }

            while (_slots[slot] is { } node)
            {
                Unlink(node);
                Place(node);
            }

            fired += FireSlot(DueSlot, now);
        }

        _currentGranule = Math.Max(_currentGranule, target);
        return fired;
    }

    private int FireSlot(short slot, in Instant now)
    {
        // Moved away first: what the owners set meanwhile waits for the next call, and what they cancel does not fire.
        while (_slots[slot] is { } node)
        {
            Unlink(node);
            Link(node, FiringSlot);
        }

        int fired = 0;
        while (_slots[FiringSlot] is { } node)
        {
            Unlink(node);
            Count--;
            fired++;
            node.Owner.OnTimer(node, now);
        }

        return fired;
    }

    private bool TryFindNext(out long granule, out short slot)
    {
        // Every slot of a lower level comes before every slot of a higher one, and none lies behind the current granule.
        for (int level = 0; level < Levels; level++)
        {
            if (_occupied[level] != 0)
            {
                int digit = BitOperations.TrailingZeroCount(_occupied[level]);
                int shift = level * DigitBits;
                granule = (_currentGranule >> (shift + DigitBits) << (shift + DigitBits)) | ((long)digit << shift);
                slot = (short)((level * SlotsPerLevel) + digit);
                return true;
            }
        }

        granule = 0;
        slot = TimerNode.NoSlot;
        return false;
    }

    private void Place(TimerNode node)
    {
        // Rounded up: a timer never fires early.
        long deadline = node.DeadlineMonotonicMilliseconds;
        long granule = Math.Min((deadline >> GranuleShift) + ((deadline & (GranuleMilliseconds - 1)) == 0 ? 0 : 1), FarthestGranule);
        if (granule <= _currentGranule)
        {
            Link(node, DueSlot);
            return;
        }

        int level = BitOperations.Log2((ulong)(granule ^ _currentGranule)) / DigitBits;
        int digit = (int)(granule >> (level * DigitBits)) & (SlotsPerLevel - 1);
        _occupied[level] |= 1UL << digit;
        Link(node, (short)((level * SlotsPerLevel) + digit));
    }

    private void Link(TimerNode node, short slot)
    {
        node.Slot = slot;
        if (_slots[slot] is not { } first)
        {
            _slots[slot] = node;
            return;
        }

        node.Next = first;
        node.Previous = first.Previous;
        first.Previous.Next = node;
        first.Previous = node;
    }

    private void Unlink(TimerNode node)
    {
        short slot = node.Slot;
        node.Slot = TimerNode.NoSlot;
        if (node.Next == node)
        {
            _slots[slot] = null;
            if (slot < DueSlot)
            {
                _occupied[slot / SlotsPerLevel] &= ~(1UL << (slot % SlotsPerLevel));
            }

            return;
        }

        if (_slots[slot] == node)
        {
            _slots[slot] = node.Next;
        }

        node.Previous.Next = node.Next;
        node.Next.Previous = node.Previous;
        node.Next = node;
        node.Previous = node;
    }
}
