using System.Runtime.InteropServices;
using Starling.Broker.Sessions;
using Starling.Protocol;

namespace Starling.Broker.Routing;

/// <summary>Turns matching leaves into what one shard has to do. Costs what it finds; its scratch memory is kept.</summary>
internal sealed class MatchResultBuilder(int shard, int shardCount)
{
    // Scratch lists beyond this are given back, lest one wide match pins them.
    private const int ScratchMax = 4096;

    private readonly LeafOccupancy[] _remote = new LeafOccupancy[shardCount];
    private readonly List<SharedGroup> _groups = [];
    private readonly List<ShardSubscribers> _sets = [];
    private readonly List<OverlappingSubscription> _overlapping = [];

    public MatchResult Build(List<SubscriptionLeaf> leaves)
    {
        if (leaves.Count == 0)
        {
            return MatchResult.None;
        }

        foreach (SubscriptionLeaf leaf in leaves)
        {
            Collect(leaf);
        }

        LocalTarget[] local = _sets.Count == 1 ? _sets[0].Targets.ToArray() : Join();
        MatchResult result = new()
        {
            Local = local,
            LocalCount = local.Length - _overlapping.Count,
            HasManyAtQos0 = HasManyAtQos0(local.AsSpan(0, local.Length - _overlapping.Count)),
            RemoteShards = ShardsWith(LeafOccupancy.Live),
            RemotePersistentShards = ShardsWith(LeafOccupancy.HasPersistent),
            Groups = [.. _groups],
            LeafCount = leaves.Count,
        };
        Reset();
        return result.IsEmpty ? MatchResult.None : result;
    }

    private void Collect(SubscriptionLeaf leaf)
    {
        for (ShardSubscribers? set = leaf.First; set is not null; set = set.Next)
        {
            if (set.Shard != shard)
            {
                LeafOccupancy occupancy = set.Occupancy;
                _remote[set.Shard] = occupancy > _remote[set.Shard] ? occupancy : _remote[set.Shard];
            }
            else if (set.Count > 0)
            {
                _sets.Add(set);
            }
        }

        foreach (LevelSlot slot in leaf.Groups.Slots ?? [])
        {
            if (slot.Node is SharedGroup group)
            {
                _groups.Add(group);
            }
        }
    }

    /// <summary>Each session once. Its MatchSlot is right if the target there is the session; nothing has to be cleared before.</summary>
    private LocalTarget[] Join()
    {
        int countMax = 0;
        foreach (ShardSubscribers set in _sets)
        {
            countMax += set.Count;
        }

        int count = 0;
        LocalTarget[] targets = countMax == 0 ? [] : new LocalTarget[countMax];
        foreach (ShardSubscribers set in _sets)
        {
            foreach (ref readonly LocalTarget target in set.Targets)
            {
                int slot = target.Session.MatchSlot;
                if (slot < count && ReferenceEquals(targets[slot].Session, target.Session))
                {
                    _overlapping.Add(new OverlappingSubscription(slot, target.Subscription));
                    continue;
                }

                target.Session.MatchSlot = count;
                targets[count++] = target;
            }
        }

        AddOverlapping(targets);
        return targets;
    }

    private void AddOverlapping(LocalTarget[] targets)
    {
        _overlapping.Sort(static (left, right) => left.Slot.CompareTo(right.Slot));
        ReadOnlySpan<OverlappingSubscription> rest = CollectionsMarshal.AsSpan(_overlapping);
        while (rest.Length > 0)
        {
            int slot = rest[0].Slot;
            int length = 1;
            while (length < rest.Length && rest[length].Slot == slot)
            {
                length++;
            }

            Subscription[] all = new Subscription[length + 1];
            all[0] = targets[slot].Subscription;
            for (int index = 0; index < length; index++)
            {
                all[index + 1] = rest[index].Subscription;
            }

            targets[slot] = new LocalTarget(targets[slot].Session, all[0], all);
            rest = rest[length..];
        }
    }

    private static bool HasManyAtQos0(ReadOnlySpan<LocalTarget> targets)
    {
        int count = 0;
        foreach (ref readonly LocalTarget target in targets)
        {
            count += target.Subscription.MaximumQos == QualityOfService.AtMostOnce ? 1 : 0;
            if (count > 1)
            {
                return true;
            }
        }

        return false;
    }

    private int[] ShardsWith(LeafOccupancy least)
    {
        int count = 0;
        foreach (LeafOccupancy occupancy in _remote)
        {
            count += occupancy >= least ? 1 : 0;
        }

        int[] shards = count == 0 ? [] : new int[count];
        for (int other = 0, index = 0; index < count; other++)
        {
            if (_remote[other] >= least)
            {
                shards[index++] = other;
            }
        }

        return shards;
    }

    private void Reset()
    {
        Array.Clear(_remote);
        Reset(_groups);
        Reset(_sets);
        Reset(_overlapping);
    }

    private static void Reset<T>(List<T> scratch)
    {
        scratch.Clear();
        if (scratch.Capacity > ScratchMax)
        {
            scratch.Capacity = 0;
        }
    }
}
