using CsCheck;
using Starling.Broker.Routing;
using Starling.Broker.Sessions;

namespace Starling.Broker.Tests.Routing;

public sealed class MatchCacheTests
{
    private static readonly string[] FiltersOfOneTopic = ["a", "+", "#", "a/#"];
    private static readonly MatchCacheLimits Small = new() { EntriesMax = 8, TopicBytesMax = 64, TargetsMax = 16 };

    [Fact]
    public void A_cache_gives_what_a_walk_would_give_after_every_change()
    {
        Gen<(string, int, ulong, bool)> change = Gen.Select(RoutingSamples.Filter, Gen.Int[0, 2], Gen.ULong[0, 3], Gen.Bool);
        Gen.Select(change.Array[1, 40], RoutingSamples.Topic.Array[1, 6], Gen.Bool).Sample((changes, topics, small) =>
        {
            SubscriptionTree tree = new(3);
            MatchCache[] caches = [.. Enumerable.Range(0, 3).Select(shard => new MatchCache(tree, shard, small ? Small : new MatchCacheLimits()))];
            Session[] sessions = [.. Enumerable.Range(0, 12).Select(number => RoutingSamples.NewSession((ulong)number))];
            Dictionary<(string, int, ulong), Subscription> model = [];
            foreach ((string filter, int shard, ulong session, bool persistent) in changes)
            {
                (string, int, ulong) key = (filter, shard, session);
                if (model.Remove(key, out Subscription? subscription))
                {
                    tree.Remove(shard, subscription);
                }
                else
                {
                    subscription = RoutingSamples.NewSubscription(sessions[(shard * 4) + (int)session], filter);
                    tree.Add(shard, subscription, persistent);
                    model.Add(key, subscription);
                }

                foreach (string topic in topics)
                {
                    AssertSame(model, topic, caches);
                }
            }
        });
    }

    [Fact]
    public void A_session_with_overlapping_subscriptions_is_one_target_with_all_of_them()
    {
        SubscriptionTree tree = new(1);
        Session session = RoutingSamples.NewSession(1);
        Subscription[] all = [.. FiltersOfOneTopic.Select(filter => RoutingSamples.NewSubscription(session, filter))];
        Array.ForEach(all, subscription => tree.Add(0, subscription, persistent: false));

        MatchResult result = new MatchCache(tree, 0, new MatchCacheLimits()).Find("a"u8);

        Assert.Equal(1, result.LocalCount);
        Assert.Equal(all.ToHashSet(), result.Local[0].Overlapping?.ToHashSet());
    }

    [Fact]
    public void A_session_without_overlap_has_no_list_of_subscriptions()
    {
        SubscriptionTree tree = new(1);
        tree.Add(0, RoutingSamples.NewSubscription(RoutingSamples.NewSession(1), "a"), persistent: false);
        tree.Add(0, RoutingSamples.NewSubscription(RoutingSamples.NewSession(2), "+"), persistent: false);

        MatchResult result = new MatchCache(tree, 0, new MatchCacheLimits()).Find("a"u8);

        Assert.All(result.Local[..result.LocalCount], target => Assert.Null(target.Overlapping));
    }

    [Fact]
    public void A_result_stays_as_it_was_while_subscriptions_change()
    {
        SubscriptionTree tree = new(1);
        MatchCache cache = new(tree, 0, new MatchCacheLimits());
        Subscription subscription = RoutingSamples.NewSubscription(RoutingSamples.NewSession(1), "a");
        tree.Add(0, subscription, persistent: false);
        MatchResult result = cache.Find("a"u8);

        tree.Remove(0, subscription);
        cache.Find("a"u8);

        Assert.Same(subscription, result.Local[0].Subscription);
    }

    [Fact]
    public void A_hit_gives_the_same_result_without_allocating()
    {
        SubscriptionTree tree = new(1);
        MatchCache cache = new(tree, 0, new MatchCacheLimits());
        tree.Add(0, RoutingSamples.NewSubscription(RoutingSamples.NewSession(1), "a/+"), persistent: false);
        MatchResult first = cache.Find("a/b"u8);
        bool same = true;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int round = 0; round < 1000; round++)
        {
            same &= ReferenceEquals(first, cache.Find("a/b"u8));
        }

        Assert.Equal((true, 0L), (same, GC.GetAllocatedBytesForCurrentThread() - before));
    }

    [Fact]
    public void However_many_topics_are_published_the_cache_stays_within_its_limits()
    {
        MatchCache cache = new(new SubscriptionTree(1), 0, Small);
        for (int number = 0; number < 1000; number++)
        {
            cache.Find(RoutingSamples.Bytes($"t/{number}"));
            Assert.True(cache.Count <= Small.EntriesMax && cache.TopicBytes <= Small.TopicBytesMax);
        }
    }

    [Fact]
    public void Results_that_grow_in_place_do_not_cross_the_limit_of_targets_by_more_than_one_each()
    {
        SubscriptionTree tree = new(1);
        MatchCache cache = new(tree, 0, Small with { EntriesMax = 1000, TopicBytesMax = 100_000 });
        for (int round = 0; round < 6; round++)
        {
            tree.Add(0, RoutingSamples.NewSubscription(RoutingSamples.NewSession((ulong)round), "#"), persistent: false);
            for (int number = 0; number < 100; number++)
            {
                cache.Find(RoutingSamples.Bytes($"t/{number}"));
                Assert.InRange(cache.Targets, 0, Small.TargetsMax + (2 * 7));
            }
        }
    }

    [Fact]
    public void A_topic_in_use_survives_many_others()
    {
        SubscriptionTree tree = new(1);
        MatchCache cache = new(tree, 0, Small);
        tree.Add(0, RoutingSamples.NewSubscription(RoutingSamples.NewSession(1), "used"), persistent: false);
        MatchResult first = cache.Find("used"u8);
        for (int number = 0; number < 100; number++)
        {
            cache.Find(RoutingSamples.Bytes($"t/{number}"));
            Assert.Same(first, cache.Find("used"u8));
        }
    }

    private static void AssertSame(Dictionary<(string, int, ulong), Subscription> model, string topic, MatchCache[] caches)
    {
        Subscription[][] matching = [.. Enumerable.Range(0, caches.Length).Select(shard => model
            .Where(one => one.Key.Item2 == shard && RoutingSamples.Matches(one.Key.Item1, topic)).Select(one => one.Value).ToArray())];
        for (int shard = 0; shard < caches.Length; shard++)
        {
            MatchResult result = caches[shard].Find(RoutingSamples.Bytes(topic));
            LocalTarget[] local = result.Local[..result.LocalCount];
            IEnumerable<Subscription> given = local.SelectMany(target => target.Overlapping ?? [target.Subscription]);
            Assert.Equal(matching[shard].ToHashSet(), given.ToHashSet());
            Assert.Equal(matching[shard].Select(one => one.Session).Distinct().Count(), local.Length);
            Assert.Equal(Enumerable.Range(0, 3).Where(other => other != shard && matching[other].Length > 0), result.RemoteShards);
            Assert.Equal(
                Enumerable.Range(0, 3).Where(other => other != shard && matching[other].Any(one => one.IsPersistent)),
                result.RemotePersistentShards);
        }
    }
}
