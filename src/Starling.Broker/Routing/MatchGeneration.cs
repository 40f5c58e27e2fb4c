using System.Runtime.CompilerServices;

namespace Starling.Broker.Routing;

/// <summary>
/// One of the two halves of a match cache: a table that only grows until it is full, and is then emptied as a whole.
/// </summary>
internal sealed class MatchGeneration(MatchCacheLimits limits)
{
    private const int SlotsMin = 64;

    private readonly int _entriesMax = Math.Max(1, limits.EntriesMax / 2);
    private readonly long _topicBytesMax = limits.TopicBytesMax / 2;
    private readonly long _targetsMax = limits.TargetsMax / 2;
    private MatchCacheEntry[] _slots = new MatchCacheEntry[SlotsMin];

    public int Count { get; private set; }

    public long TopicBytes { get; private set; }

    public long Targets { get; private set; }

    /// <summary>Results have grown where they stand.</summary>
    public bool IsOverfull => Targets > _targetsMax;

    /// <summary>A generation that holds nothing takes any one entry.</summary>
    public bool HasRoomFor(in MatchCacheEntry entry)
    {
        return Count == 0
            || (Count < _entriesMax
                && TopicBytes + (entry.Topic?.Length ?? 0) <= _topicBytesMax
                && Targets + entry.Result.Weight <= _targetsMax);
    }

    /// <summary>The entry of the topic, or a null reference.</summary>
    public ref MatchCacheEntry Find(ReadOnlySpan<byte> topic, uint hash)
    {
        MatchCacheEntry[] slots = _slots;
        uint mask = (uint)slots.Length - 1;
        for (uint index = hash & mask; ; index = (index + 1) & mask)
        {
            ref MatchCacheEntry entry = ref slots[index];
            if (entry.Topic is null)
            {
                return ref Unsafe.NullRef<MatchCacheEntry>();
            }

            if (entry.Hash == hash && topic.SequenceEqual(entry.Topic))
            {
                return ref entry;
            }
        }
    }

    /// <summary>Adds a topic that is not here. The reference holds until the next call.</summary>
    public void Add(in MatchCacheEntry entry)
    {
        if ((Count + 1) * 2 > _slots.Length)
        {
            Grow();
        }

        Place(_slots, entry);
        Count++;
        TopicBytes += entry.Topic?.Length ?? 0;
        Targets += entry.Result.Weight;
    }

    /// <summary>Gives an entry of this generation the result that now holds.</summary>
    public void Renew(ref MatchCacheEntry entry, MatchResult result, long version)
    {
        Targets += result.Weight - entry.Result.Weight;
        entry.Result = result;
        entry.Version = version;
    }

    public void Clear()
    {
        Array.Clear(_slots);
        Count = 0;
        TopicBytes = 0;
        Targets = 0;
    }

    private static void Place(MatchCacheEntry[] slots, in MatchCacheEntry entry)
    {
        uint mask = (uint)slots.Length - 1;
        uint index = entry.Hash & mask;
        while (slots[index].Topic is not null)
        {
            index = (index + 1) & mask;
        }

        slots[index] = entry;
    }

    private void Grow()
    {
        MatchCacheEntry[] slots = new MatchCacheEntry[_slots.Length * 2];
        foreach (ref readonly MatchCacheEntry entry in _slots.AsSpan())
        {
            if (entry.Topic is not null)
            {
                Place(slots, entry);
            }
        }

        _slots = slots;
    }
}
