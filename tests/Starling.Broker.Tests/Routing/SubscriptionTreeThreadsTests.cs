using CsCheck;
using Starling.Broker.Routing;
using Starling.Broker.Sessions;

namespace Starling.Broker.Tests.Routing;

/// <summary>Several shards subscribe and unsubscribe at once, over filters that meet; each matches meanwhile, and all is compared with the plain rule.</summary>
public sealed class SubscriptionTreeThreadsTests
{
    private const int Shards = 3;
    private const int Rounds = 20;

    private static readonly Gen<string[][]> FiltersOfShards = RoutingSamples.Filter.Array[1, 12].Array[Shards];

    [Fact]
    [Statement("MQTT-4.7.2-1")]
    [Statement("MQTT-4.7.3-4")]
    public void Shards_that_change_the_tree_at_once_find_what_the_rule_says() =>
        Gen.Select(FiltersOfShards, RoutingSamples.Topic.Array[1, 8]).Sample(Check, iter: 300, threads: 1);

    private static void Check(string[][] filters, string[] topics)
    {
        SubscriptionTree tree = new(Shards);
        Worker[] workers = [.. Enumerable.Range(0, Shards).Select(shard => new Worker(tree, shard, filters[shard], topics))];
        Thread[] threads = [.. workers.Select(worker => new Thread(worker.Run))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());

        Assert.Equal(0, workers.Sum(worker => worker.Wrong));
        foreach (string topic in topics)
        {
            IEnumerable<string> expected = workers.SelectMany(worker => worker.Matching(topic));
            List<SubscriptionLeaf> leaves = [];
            tree.Match(RoutingSamples.Bytes(topic), leaves);
            Assert.Equal(expected.Order(), leaves.SelectMany(FiltersOf).Order());
            Assert.All(workers, worker => worker.AssertSeesOthers(topic, workers));
        }

        Array.ForEach(workers, worker => worker.Leave());
        Assert.Equal((0L, 0L), (tree.NodeCount, tree.LeafCount));
    }

    private static List<string> FiltersOf(SubscriptionLeaf leaf)
    {
        List<string> filters = [];
        for (ShardSubscribers? set = leaf.First; set is not null; set = set.Next)
        {
            foreach (LocalTarget target in set.Targets)
            {
                filters.Add(RoutingSamples.Text(target.Subscription.Filter));
            }
        }

        return filters;
    }

    /// <summary>One shard: on each round it subscribes to those of its filters that it left the round before, and leaves the others.</summary>
    private sealed class Worker(SubscriptionTree tree, int shard, string[] filters, string[] topics)
    {
        private readonly MatchCache _cache = new(tree, shard, new MatchCacheLimits { EntriesMax = 4 });
        private readonly Subscription?[] _present = new Subscription?[filters.Length];

        /// <summary>How often a match was not what this shard itself had subscribed to.</summary>
        public int Wrong { get; private set; }

        public void Run()
        {
            for (int step = 0; step < Rounds * filters.Length; step++)
            {
                // A step of its own length, so that rounds end with different filters present.
                Toggle(step * 7 % ((2 * filters.Length) + 1) % filters.Length);
                string topic = topics[step % topics.Length];
                Wrong += Matching(topic).Order().SequenceEqual(Found(topic).Order()) ? 0 : 1;
            }
        }

        public IEnumerable<string> Matching(string topic) =>
            filters.Where((filter, index) => _present[index] is not null && RoutingSamples.Matches(filter, topic));

        public void AssertSeesOthers(string topic, Worker[] workers)
        {
            MatchResult result = _cache.Find(RoutingSamples.Bytes(topic));
            Assert.Equal(Matching(topic).Order(), Found(topic).Order());
            Assert.Equal(
                Enumerable.Range(0, Shards).Where(other => other != shard && workers[other].Matching(topic).Any()), result.RemoteShards);
        }

        public void Leave()
        {
            for (int index = 0; index < filters.Length; index++)
            {
                if (_present[index] is not null)
                {
                    Toggle(index);
                }
            }
        }

        private void Toggle(int index)
        {
            if (_present[index] is { } present)
            {
                tree.Remove(shard, present);
                _present[index] = null;
                return;
            }

            Session session = RoutingSamples.NewSession((ulong)((shard * 100) + index));
            Subscription subscription = RoutingSamples.NewSubscription(session, filters[index]);
            tree.Add(shard, subscription, persistent: index % 2 == 0);
            _present[index] = subscription;
        }

        private IEnumerable<string> Found(string topic)
        {
            MatchResult result = _cache.Find(RoutingSamples.Bytes(topic));
            return result.Local.Take(result.LocalCount).Select(target => RoutingSamples.Text(target.Subscription.Filter));
        }
    }
}
