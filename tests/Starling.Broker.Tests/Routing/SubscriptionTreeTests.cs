using CsCheck;
using Starling.Broker.Routing;
using Starling.Broker.Sessions;

namespace Starling.Broker.Tests.Routing;

public sealed class SubscriptionTreeTests
{
    [Fact]
    [Statement("MQTT-4.7.2-1")]
    [Statement("MQTT-4.7.3-4")]
    public void A_topic_matches_the_filters_that_the_rules_say()
    {
        Gen.Select(RoutingSamples.Filter.Array[0, 30], RoutingSamples.Topic.Array[1, 10]).Sample((filters, topics) =>
        {
            SubscriptionTree tree = new(1);
            foreach (string filter in filters)
            {
                tree.Add(0, RoutingSamples.NewSubscription(RoutingSamples.NewSession(1), filter), persistent: false);
            }

            foreach (string topic in topics)
            {
                Assert.Equal(filters.Where(filter => RoutingSamples.Matches(filter, topic)).Order(), MatchFilters(tree, topic).Order());
            }
        });
    }

    [Theory]
    [Statement("MQTT-4.7.2-1")]
    [InlineData("#", "$SYS", false)]
    [InlineData("#", "$SYS/a", false)]
    [InlineData("+", "$SYS", false)]
    [InlineData("+/a", "$SYS/a", false)]
    [InlineData("$SYS/#", "$SYS", true)]
    [InlineData("$SYS/+", "$SYS/a", true)]
    [InlineData("a/+", "a/$b", true)]
    [InlineData("#", "/", true)]
    [InlineData("a/#", "a", true)]
    [InlineData("a/+", "a", false)]
    [InlineData("+/+", "/", true)]
    [InlineData("\u00E9", "e\u0301", false)]
    public void Special_cases_match_as_the_specification_says(string filter, string topic, bool matches)
    {
        SubscriptionTree tree = new(1);
        tree.Add(0, RoutingSamples.NewSubscription(RoutingSamples.NewSession(1), filter), persistent: false);

        Assert.Equal(matches, MatchFilters(tree, topic).Count == 1);
    }

    [Fact]
    public void A_topic_that_reaches_very_many_nodes_finds_them_all()
    {
        SubscriptionTree tree = new(1);
        for (int number = 0; number < 256; number++)
        {
            IEnumerable<string> levels = Enumerable.Range(0, 8).Select(bit => (number >> bit & 1) == 0 ? "+" : "a");
            tree.Add(0, RoutingSamples.NewSubscription(RoutingSamples.NewSession(1), string.Join('/', levels)), persistent: false);
        }

        Assert.Equal(256, MatchFilters(tree, "a/a/a/a/a/a/a/a").Distinct().Count());
    }

    [Fact]
    public void Very_deep_topics_need_no_stack()
    {
        string deep = new('/', 65_534);
        SubscriptionTree tree = new(1);
        tree.Add(0, RoutingSamples.NewSubscription(RoutingSamples.NewSession(1), deep + "#"), persistent: false);

        Assert.Single(MatchFilters(tree, deep));
    }

    [Fact]
    public void What_was_removed_does_not_match_and_leaves_nothing_behind()
    {
        Gen.Select(Gen.Select(RoutingSamples.Filter, Gen.Int[0, 2], Gen.Bool).Array[1, 40], RoutingSamples.Topic.Array[1, 5], Gen.Int[0, 999])
            .Sample((additions, topics, seed) =>
            {
                SubscriptionTree tree = new(3);
                List<(int Shard, Subscription Subscription)> added = AddAll(tree, additions);
                Random random = new(seed);
                while (added.Count > 0)
                {
                    int index = random.Next(added.Count);
                    tree.Remove(added[index].Shard, added[index].Subscription);
                    added.RemoveAt(index);
                    foreach (string topic in topics)
                    {
                        IEnumerable<string> left = added.Select(one => RoutingSamples.Text(one.Subscription.Filter)).Distinct();
                        Assert.Equal(left.Where(filter => RoutingSamples.Matches(filter, topic)).Order(), MatchFilters(tree, topic).Distinct().Order());
                    }
                }

                Assert.Equal((0, 0), (tree.NodeCount, tree.LeafCount));
            });
    }

    [Fact]
    public void A_leaf_tells_for_each_shard_what_it_has_there()
    {
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 5], Gen.Int[0, 2]).Array[1, 60].Sample(steps =>
        {
            SubscriptionTree tree = new(3);
            Subscription?[,] present = new Subscription?[3, 6];
            SubscriptionLeaf? leaf = null;
            foreach ((int shard, int slot, int kind) in steps)
            {
                leaf = Change(tree, shard, ref present[shard, slot], kind) ?? leaf;
                for (int other = 0; leaf is not null && other < 3; other++)
                {
                    Assert.Equal(Expected(present, other), Current(present, leaf).OccupancyOf(other));
                }
            }
        });
    }

    [Fact]
    public void Subscribing_twice_and_leaving_once_keeps_the_other_one()
    {
        SubscriptionTree tree = new(1);
        Subscription stays = RoutingSamples.NewSubscription(RoutingSamples.NewSession(1), "a");
        Subscription leaves = RoutingSamples.NewSubscription(RoutingSamples.NewSession(2), "a");
        tree.Add(0, leaves, persistent: false);
        tree.Add(0, stays, persistent: false);

        tree.Remove(0, leaves);

        Assert.Same(stays, Assert.Single(stays.Leaf?.Find(0)?.Targets.ToArray() ?? []).Subscription);
    }

    [Fact]
    public void Removing_what_is_not_there_does_nothing()
    {
        SubscriptionTree tree = new(1);
        Subscription subscription = RoutingSamples.NewSubscription(RoutingSamples.NewSession(1), "a");
        tree.Add(0, subscription, persistent: false);
        tree.Remove(0, subscription);

        tree.Remove(0, subscription);

        Assert.Equal(0, tree.LeafCount);
    }

    [Theory]
    [InlineData("a/b", "a/c", true)]
    [InlineData("+/b", "a/c", true)]
    [InlineData("#", "a/c", true)]
    [InlineData("b/c", "a/c", false)]
    public void A_change_raises_the_version_of_its_first_level(string filter, string topic, bool changes)
    {
        SubscriptionTree tree = new(1);
        int slot = tree.Versions.SlotOf(RoutingSamples.Bytes(topic));
        long before = tree.Versions.Read(slot);

        tree.Add(0, RoutingSamples.NewSubscription(RoutingSamples.NewSession(1), filter), persistent: false);

        Assert.Equal(changes, tree.Versions.Read(slot) != before);
    }

    [Fact]
    public void A_wide_level_costs_the_same_for_each_of_its_children()
    {
        long half = AllocatedBySubscribing(100_000);
        long whole = AllocatedBySubscribing(200_000);

        Assert.InRange(whole, half, half * 5 / 2);
    }

    private static long AllocatedBySubscribing(int count)
    {
        SubscriptionTree tree = new(1);
        Session session = RoutingSamples.NewSession(1);
        Subscription[] all = [.. Enumerable.Range(0, count).Select(number => RoutingSamples.NewSubscription(session, $"cmd/{number}"))];
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (Subscription subscription in all)
        {
            tree.Add(0, subscription, persistent: false);
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static List<(int Shard, Subscription Subscription)> AddAll(SubscriptionTree tree, (string Filter, int Shard, bool Persistent)[] additions)
    {
        List<(int, Subscription)> added = [];
        foreach ((string filter, int shard, bool persistent) in additions)
        {
            Subscription subscription = RoutingSamples.NewSubscription(RoutingSamples.NewSession((ulong)added.Count), filter);
            tree.Add(shard, subscription, persistent);
            added.Add((shard, subscription));
        }

        return added;
    }

    private static SubscriptionLeaf? Change(SubscriptionTree tree, int shard, ref Subscription? present, int kind)
    {
        if (kind == 0 && present is not null)
        {
            tree.Remove(shard, present);
            present = null;
        }
        else if (present is not null)
        {
            tree.SetPersistent(shard, present, kind == 2);
        }
        else if (kind != 0)
        {
            present = RoutingSamples.NewSubscription(RoutingSamples.NewSession(1), "a/b");
            tree.Add(shard, present, kind == 2);
        }

        return present?.Leaf;
    }

    private static LeafOccupancy Expected(Subscription?[,] present, int shard)
    {
        LeafOccupancy expected = LeafOccupancy.None;
        for (int slot = 0; slot < 6; slot++)
        {
            LeafOccupancy one = present[shard, slot] switch
            {
                null => LeafOccupancy.None,
                { IsPersistent: true } => LeafOccupancy.HasPersistent,
                _ => LeafOccupancy.Live,
            };
            expected = one > expected ? one : expected;
        }

        return expected;
    }

    /// <summary>The leaf that is in the tree now, or the last one there was.</summary>
    private static SubscriptionLeaf Current(Subscription?[,] present, SubscriptionLeaf last) =>
        present.Cast<Subscription?>().FirstOrDefault(one => one is not null)?.Leaf ?? last;

    private static List<string> MatchFilters(SubscriptionTree tree, string topic)
    {
        List<SubscriptionLeaf> leaves = [];
        tree.Match(RoutingSamples.Bytes(topic), leaves);
        List<string> filters = [];
        foreach (SubscriptionLeaf leaf in leaves)
        {
            for (ShardSubscribers? set = leaf.First; set is not null; set = set.Next)
            {
                foreach (LocalTarget target in set.Targets)
                {
                    filters.Add(RoutingSamples.Text(target.Subscription.Filter));
                }
            }
        }

        return filters;
    }
}
