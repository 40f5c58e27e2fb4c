using System.IO.Hashing;
using System.Runtime.CompilerServices;

namespace Starling.Broker.Routing;

/// <summary>
/// What one shard remembers of the tree, by topic: two generations, of which the older is forgotten when the younger is full. Topics in
/// use move to the younger one; what is published to however many topics, the memory stays within the limits.
/// </summary>
/// <remarks>One thread only. A hit allocates nothing. A result larger than the limit is kept alone in its generation.</remarks>
internal sealed class MatchCache(SubscriptionTree tree, int shard, MatchCacheLimits limits)
{
    private readonly MatchResultBuilder _builder = new(shard, tree.ShardCount);
    private readonly List<SubscriptionLeaf> _leaves = [];
    private MatchGeneration _young = new(limits);
    private MatchGeneration _old = new(limits);

    /// <summary>Topics remembered.</summary>
    public int Count => _young.Count + _old.Count;

    /// <summary>Bytes of the topics remembered.</summary>
    public long TopicBytes => _young.TopicBytes + _old.TopicBytes;

    /// <summary>In the measure of <see cref="MatchCacheLimits.TargetsMax"/>.</summary>
    public long Targets => _young.Targets + _old.Targets;

    /// <summary>Who gets a message of the topic. What was subscribed to before the call, by any shard, is in it.</summary>
    public MatchResult Find(ReadOnlySpan<byte> topic)
    {
        ulong wide = XxHash3.HashToUInt64(topic, (long)tree.Seed);
        uint hash = (uint)(wide ^ (wide >> 32));
        ref MatchCacheEntry entry = ref _young.Find(topic, hash);
        if (!Unsafe.IsNullRef(ref entry))
        {
            long version = tree.Versions.Read(entry.VersionSlot);
            if (version == entry.Version)
            {
                return entry.Result;
            }

            // The version is read before the tree: a change during the walk makes the result stale, never wrongly fresh.
            MatchResult result = Walk(topic);
            _young.Renew(ref entry, result, version);
            if (_young.IsOverfull)
            {
                Age();
            }

            return result;
        }

        return FindOld(topic, hash);
    }

    private MatchResult FindOld(ReadOnlySpan<byte> topic, uint hash)
    {
        ref MatchCacheEntry old = ref _old.Find(topic, hash);
        MatchCacheEntry entry = default;
        if (Unsafe.IsNullRef(ref old))
        {
            entry.Topic = topic.ToArray();
            entry.Hash = hash;
            entry.VersionSlot = tree.Versions.SlotOf(topic);
        }
        else
        {
            entry = old;
        }

        long version = tree.Versions.Read(entry.VersionSlot);
        if (entry.Result is null || version != entry.Version)
        {
            entry.Version = version;
            entry.Result = Walk(topic);
        }

        if (!_young.HasRoomFor(entry))
        {
            Age();
        }

        _young.Add(entry);
        return entry.Result;
    }

    private void Age()
    {
        (_young, _old) = (_old, _young);
        _young.Clear();
    }

    private MatchResult Walk(ReadOnlySpan<byte> topic)
    {
        tree.Match(topic, _leaves);
        MatchResult result = _builder.Build(_leaves);
        _leaves.Clear();
        return result;
    }
}
