using Starling.Broker.Routing;
using Starling.Broker.Sessions;

namespace Starling.Broker.Tests.Routing;

/// <summary>Threads meet on few filters; what must hold at the end, and of what never changes, does not depend on their timing.</summary>
public sealed class RoutingStressTests
{
    private const int Threads = 4;
    private const int Rounds = 20_000;

    private static readonly string[] Filters = ["a", "a/b", "a/+", "a/#", "+/b", "#", "b/c/d", "b/c/e"];
    private static readonly string[] Topics = ["a", "a/b", "b/c/d", "b/c/e", "x"];

    [Fact]
    public void Shards_that_subscribe_and_leave_at_once_empty_the_tree_and_lose_nobody()
    {
        SubscriptionTree tree = new(Threads + 1);
        Subscription stays = RoutingSamples.NewSubscription(RoutingSamples.NewSession(99), "a/b");
        tree.Add(Threads, stays, persistent: true);
        int lost = 0;

        RunOnThreads(shard =>
        {
            Random random = new(shard);
            MatchCache cache = new(tree, shard, new MatchCacheLimits { EntriesMax = 4 });
            Session session = RoutingSamples.NewSession((ulong)shard);
            Subscription?[] own = new Subscription?[Filters.Length];
            SharedMember?[] members = new SharedMember?[Filters.Length];
            for (int round = 0; round < Rounds; round++)
            {
                int index = random.Next(Filters.Length);
                Toggle(tree, shard, session, ref own[index], Filters[index]);
                index = random.Next(Filters.Length);
                ToggleShared(tree, shard, session, ref members[index], Filters[index]);
                Interlocked.Add(ref lost, CountLost(cache, own, RoutingSamples.Bytes(Topics[random.Next(Topics.Length)])));
            }

            Leave(tree, shard, own, members);
        });
        tree.Remove(Threads, stays);

        Assert.Equal((0, 0L, 0L), (lost, tree.LeafCount, tree.NodeCount));
    }

    [Fact]
    public void A_subscription_that_was_made_before_a_match_is_always_found_by_other_shards()
    {
        SubscriptionTree tree = new(2);
        long asked = 0;
        long answered = 0;
        int missed = 0;

        // The first thread subscribes, then asks; whatever the second finds after the question must include the subscription.
        Thread subscriber = new(() =>
        {
            Session session = RoutingSamples.NewSession(1);
            for (int round = 1; round <= 2000; round++)
            {
                Subscription subscription = RoutingSamples.NewSubscription(session, Filters[round % Filters.Length]);
                tree.Add(0, subscription, persistent: false);
                Volatile.Write(ref asked, round);
                SpinWait.SpinUntil(() => Volatile.Read(ref answered) == round);
                tree.Remove(0, subscription);
            }
        });
        Thread matcher = new(() =>
        {
            MatchCache cache = new(tree, 1, new MatchCacheLimits());
            for (int round = 1; round <= 2000; round++)
            {
                byte[] topic = RoutingSamples.Bytes(Topics.First(one => RoutingSamples.Matches(Filters[round % Filters.Length], one)));
                while (Volatile.Read(ref asked) < round)
                {
                    cache.Find(topic);
                }

                missed += cache.Find(topic).RemoteShards.Length == 1 ? 0 : 1;
                Volatile.Write(ref answered, round);
            }
        });
        subscriber.Start();
        matcher.Start();
        subscriber.Join();
        matcher.Join();

        Assert.Equal(0, missed);
    }

    [Fact]
    public void Threads_that_store_delete_sweep_and_walk_keep_the_books_of_the_retained_tree()
    {
        RetainedTree tree = new(long.MaxValue, long.MaxValue);
        RetainedMessage stays = RoutingSamples.NewRetained("a/b/stays");
        tree.Store(stays);
        int wrong = 0;

        RunOnThreads(number =>
        {
            Random random = new(number);
            for (int round = 0; round < Rounds; round++)
            {
                string topic = Topics[random.Next(Topics.Length)];
                if (random.Next(2) == 0)
                {
                    tree.Store(RoutingSamples.NewRetained(topic, expiresAt: 1 + random.Next(2)));
                }
                else
                {
                    tree.Delete(RoutingSamples.Bytes(topic), out _);
                }

                tree.Sweep(1, 4);
                Interlocked.Add(ref wrong, round % 16 == 0 && CountOf(stays, tree) != 1 ? 1 : 0);
            }
        });
        Array.ForEach(Topics, topic => tree.Delete(RoutingSamples.Bytes(topic), out _));
        tree.Delete(stays.Topic, out _);

        Assert.Equal((0, 0L, 0L, 0L), (wrong, tree.MessageCount, tree.NodeCount, tree.Bytes));
    }

    [Fact]
    public void Threads_that_store_at_once_never_cross_the_limits()
    {
        RetainedTree tree = new(long.MaxValue, 10);
        int tooMany = 0;

        RunOnThreads(number =>
        {
            Random random = new(number);
            for (int round = 0; round < Rounds; round++)
            {
                byte[] topic = RoutingSamples.Bytes($"t/{random.Next(30)}");
                tree.Store(new RetainedMessage { Topic = topic, Payload = [1] });
                tree.Delete(RoutingSamples.Bytes($"t/{random.Next(30)}"), out _);
                
                // Each thread may hold one reservation that it gives back.
                Interlocked.Add(ref tooMany, tree.MessageCount > 10 + Threads ? 1 : 0);
            }
        });
        int left = CountOf(null, tree);

        Assert.Equal((0, left, left), (tooMany, (int)tree.MessageCount, (int)tree.NodeCount - Math.Min(1, left)));
        Assert.InRange(left, 0, 10);
    }

    private static void RunOnThreads(Action<int> body)
    {
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(number => new Thread(() => body(number)))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
    }

    private static void Toggle(SubscriptionTree tree, int shard, Session session, ref Subscription? own, string filter)
    {
        if (own is null)
        {
            own = RoutingSamples.NewSubscription(session, filter);
            tree.Add(shard, own, persistent: shard % 2 == 0);
        }
        else
        {
            tree.Remove(shard, own);
            own = null;
        }
    }

    private static void ToggleShared(SubscriptionTree tree, int shard, Session session, ref SharedMember? member, string filter)
    {
        if (member is null)
        {
            member = tree.AddShared(shard, RoutingSamples.NewSubscription(session, filter, "g"), online: true);
        }
        else
        {
            tree.RemoveShared(member);
            member = null;
        }
    }

    private static void Leave(SubscriptionTree tree, int shard, Subscription?[] own, SharedMember?[] members)
    {
        foreach (Subscription? subscription in own)
        {
            if (subscription is not null)
            {
                tree.Remove(shard, subscription);
            }
        }

        foreach (SharedMember? member in members)
        {
            if (member is not null)
            {
                tree.RemoveShared(member);
            }
        }
    }

    /// <summary>A shard's own matching subscriptions, and the one that always stays, must be in every result.</summary>
    private static int CountLost(MatchCache cache, Subscription?[] own, byte[] topic)
    {
        MatchResult result = cache.Find(topic);
        string text = RoutingSamples.Text(topic);
        int expected = own.Count(one => one is not null && RoutingSamples.Matches(RoutingSamples.Text(one.Filter), text));
        int given = result.Local.Take(result.LocalCount).Sum(target => target.Overlapping?.Length ?? 1);
        bool stayed = text != "a/b" || result.RemotePersistentShards.Contains(Threads);
        return (given == expected ? 0 : 1) + (stayed ? 0 : 1);
    }

    private static int CountOf(RetainedMessage? message, RetainedTree tree)
    {
        RetainedWalk walk = tree.Walk("#"u8.ToArray());
        List<RetainedMessage> given = [];
        while (!walk.IsDone)
        {
            walk.Next(0, int.MaxValue, given);
        }

        return message is null ? given.Count : given.Count(one => ReferenceEquals(one, message));
    }
}
