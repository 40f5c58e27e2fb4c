using System.Runtime.CompilerServices;
using Starling.Broker.Sessions;
using Starling.Protocol.Topics;

namespace Starling.Broker.Routing;

/// <summary>
/// The subscriptions of all shards by Topic Filter. Any thread may match; a shard adds and removes its own subscriptions. Only what
/// other shards can see of a filter changes under the lock: its path, whether a shard has something there, and the shared groups.
/// </summary>
/// <remarks>Filters and topics are valid. Levels are compared byte for byte, without normalisation [MQTT-4.7.3-4].</remarks>
/// <param name="shardCount">Shards are numbered from 0.</param>
/// <param name="seed">For the hashes of levels; not known outside, so that nobody can choose levels that collide.</param>
internal sealed class SubscriptionTree(int shardCount, ulong seed = 0)
{
    private readonly Lock _lock = new();
    private readonly SubscriptionNode _root = new(new LevelKey([], seed), null);
    private long _nodeCount;
    private long _leafCount;

    public int ShardCount { get; } = shardCount;

    public ulong Seed { get; } = seed;

    /// <summary>What a cache compares to learn whether it still holds; a change is visible before its version is.</summary>
    public TopicVersions Versions { get; } = new(seed);

    /// <summary>Levels of filters that are kept, without the root.</summary>
    public long NodeCount => Volatile.Read(ref _nodeCount);

    /// <summary>Different filters that are subscribed to.</summary>
    public long LeafCount => Volatile.Read(ref _leafCount);

    /// <summary>Adds a subscription that is not shared and hangs nowhere.</summary>
    public void Add(int shard, Subscription subscription, bool persistent)
    {
        // A leaf on which this shard already has something cannot go away meanwhile, because only this thread could empty its set.
        SubscriptionLeaf? leaf = Find(subscription.Filter);
        if (leaf?.Find(shard) is { Count: > 0 } set)
        {
            set.Add(subscription, persistent);
            subscription.Leaf = leaf;
        }
        else
        {
            AddFirst(shard, subscription, persistent);
        }

        Versions.Changed(subscription.Filter);
    }

    /// <summary>Removes a subscription that was added by the same shard.</summary>
    public void Remove(int shard, Subscription subscription)
    {
        if (subscription.Leaf is not { } leaf || leaf.Find(shard) is not { } set)
        {
            return;
        }

        if (set.Count > 1)
        {
            set.Remove(subscription);
        }
        else
        {
            RemoveLast(leaf, set, subscription);
        }

        subscription.Leaf = null;
        Versions.Changed(subscription.Filter);
    }

    /// <summary>Says that the session of an added subscription has become persistent, or no longer is.</summary>
    public void SetPersistent(int shard, Subscription subscription, bool persistent)
    {
        if (subscription.Leaf?.Find(shard)?.SetPersistent(subscription, persistent) == true)
        {
            Versions.Changed(subscription.Filter);
        }
    }

    /// <summary>Adds a subscription with a ShareName to its group. One session is in a group once: the caller sees to that.</summary>
    public SharedMember AddShared(int shard, Subscription subscription, bool online)
    {
        LevelKey shareName = new(subscription.ShareName, Seed);
        lock (_lock)
        {
            SubscriptionLeaf leaf = FindOrMake(subscription.Filter);
            if (leaf.Groups.Find(shareName) is not SharedGroup group)
            {
                group = new SharedGroup(shareName, leaf, ShardCount)
                {
                    SharedFilter = [.. "$share/"u8, .. shareName.Level, (byte)'/', .. subscription.Filter],
                };
                leaf.Groups.Add(group);
            }

            SharedMember member = new(group, shard, subscription) { IsOnline = online, IsPersistent = subscription.Session.IsPersistent };
            group.Join(member);
            subscription.Leaf = leaf;
            Versions.Changed(subscription.Filter);
            return member;
        }
    }

    /// <summary>The group of a filter with $share/NAME/; null when nobody is in it.</summary>
    public SharedGroup? FindGroup(ReadOnlySpan<byte> sharedFilter)
    {
        if (!SharedFilter.TryParse(sharedFilter, out ReadOnlySpan<byte> shareName, out ReadOnlySpan<byte> filter))
        {
            return null;
        }

        lock (_lock)
        {
            return Find(filter)?.Groups.Find(new LevelKey(shareName, Seed)) as SharedGroup;
        }
    }

    /// <summary>Takes a member out of its group, once.</summary>
    public void RemoveShared(SharedMember member)
    {
        SharedGroup group = member.Group;
        lock (_lock)
        {
            group.Leave(member);
            if (group.Members.Length == 0)
            {
                group.Leaf.Groups.Remove(group);
                UnlinkIfEmpty(group.Leaf);
            }

            member.Subscription.Leaf = null;
            Versions.Changed(member.Subscription.Filter);
        }
    }

    /// <summary>Appends the leaves whose filters match the Topic Name. Takes no lock.</summary>
    public void Match(ReadOnlySpan<byte> topic, List<SubscriptionLeaf> into)
    {
        FrontierBuffer reachedBuffer = default;
        FrontierBuffer nextBuffer = default;
        NodeFrontier reached = new(reachedBuffer);
        NodeFrontier next = new(nextBuffer);
        TopicLevels levels = new(topic);
        levels.MoveNext();
        LevelKey key = new(levels.Current, Seed);
        next.Add(FindChild(_root, key));

        // A filter that begins with a wildcard does not match a topic that begins with $ [MQTT-4.7.2-1].
        if (topic[0] != (byte)'$')
        {
            AddIfAny(_root.SubtreeLeaf, into);
            next.Add(_root.AnyLevel);
        }

        while (levels.MoveNext() && next.Nodes.Length > 0)
        {
            NodeFrontier spent = reached;
            reached = next;
            next = spent;
            next.Clear();
            key = new LevelKey(levels.Current, Seed);
            foreach (SubscriptionNode? node in reached.Nodes)
            {
                Step(node, key, ref next, into);
            }
        }

        foreach (SubscriptionNode? node in next.Nodes)
        {
            // # stands for the parent level too.
            AddIfAny(node?.Leaf, into);
            AddIfAny(node?.SubtreeLeaf, into);
        }

        reached.Dispose();
        next.Dispose();
    }

    private static void Step(SubscriptionNode? node, in LevelKey key, ref NodeFrontier next, List<SubscriptionLeaf> into)
    {
        if (node is not null)
        {
            AddIfAny(node.SubtreeLeaf, into);
            next.Add(FindChild(node, key));
            next.Add(node.AnyLevel);
        }
    }

    private static void AddIfAny(SubscriptionLeaf? leaf, List<SubscriptionLeaf> into)
    {
        if (leaf is not null)
        {
            into.Add(leaf);
        }
    }

    private static SubscriptionNode? FindChild(SubscriptionNode node, in LevelKey key) =>
        Unsafe.As<SubscriptionNode?>(node.Children.Find(key));

    private static bool IsWildcard(ReadOnlySpan<byte> level, char wildcard) => level.Length == 1 && level[0] == (byte)wildcard;

    private SubscriptionLeaf? Find(ReadOnlySpan<byte> filter)
    {
        SubscriptionNode? node = _root;
        TopicLevels levels = new(filter);
        while (node is not null && levels.MoveNext())
        {
            if (IsWildcard(levels.Current, '#'))
            {
                return node.SubtreeLeaf;
            }

            node = IsWildcard(levels.Current, '+') ? node.AnyLevel : FindChild(node, new LevelKey(levels.Current, Seed));
        }

        return node?.Leaf;
    }

    private void AddFirst(int shard, Subscription subscription, bool persistent)
    {
        lock (_lock)
        {
            SubscriptionLeaf leaf = FindOrMake(subscription.Filter);
            ShardSubscribers set = new(shard);
            set.Add(subscription, persistent);
            leaf.Link(set);
            subscription.Leaf = leaf;
        }
    }

    private void RemoveLast(SubscriptionLeaf leaf, ShardSubscribers set, Subscription subscription)
    {
        lock (_lock)
        {
            set.Remove(subscription);
            leaf.Unlink(set);
            UnlinkIfEmpty(leaf);
        }
    }

    private SubscriptionLeaf FindOrMake(ReadOnlySpan<byte> filter)
    {
        SubscriptionNode node = _root;
        TopicLevels levels = new(filter);
        while (levels.MoveNext())
        {
            if (IsWildcard(levels.Current, '#'))
            {
                return node.SubtreeLeaf ??= MakeLeaf(node, isSubtree: true);
            }

            node = FindOrMakeChild(node, levels.Current);
        }

        return node.Leaf ??= MakeLeaf(node, isSubtree: false);
    }

    private SubscriptionNode FindOrMakeChild(SubscriptionNode node, ReadOnlySpan<byte> level)
    {
        LevelKey key = new(level, Seed);
        bool isAnyLevel = IsWildcard(level, '+');
        if ((isAnyLevel ? node.AnyLevel : FindChild(node, key)) is { } child)
        {
            return child;
        }

        child = new SubscriptionNode(key, node);
        _nodeCount++;
        if (isAnyLevel)
        {
            node.AnyLevel = child;
        }
        else
        {
            node.Children.Add(child);
        }

        return child;
    }

    private SubscriptionLeaf MakeLeaf(SubscriptionNode node, bool isSubtree)
    {
        _leafCount++;
        return new SubscriptionLeaf(node, isSubtree);
    }

    private void UnlinkIfEmpty(SubscriptionLeaf leaf)
    {
        if (!leaf.IsEmpty)
        {
            return;
        }

        SubscriptionNode node = leaf.Node;
        _leafCount--;
        if (leaf.IsSubtree)
        {
            node.SubtreeLeaf = null;
        }
        else
        {
            node.Leaf = null;
        }

        while (node.IsEmpty && node.Parent is { } parent)
        {
            _nodeCount--;
            if (ReferenceEquals(parent.AnyLevel, node))
            {
                parent.AnyLevel = null;
            }
            else
            {
                parent.Children.Remove(node);
            }

            node = parent;
        }
    }
}
