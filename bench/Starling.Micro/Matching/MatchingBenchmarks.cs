using BenchmarkDotNet.Attributes;
using Starling.Broker.Routing;

namespace Starling.Micro.Matching;

/// <summary>Who gets a message, among many filters: by a walk of the tree, and from the shard's cache.</summary>
public class MatchingBenchmarks
{
    // As many topics as the cache can hold, and so many for the walk that the nodes of one are not in the processor's caches the next time.
    private const int CachedTopics = 4_096;
    private const int WalkedTopics = 65_536;

    private readonly List<SubscriptionLeaf> _leaves = [];
    private FilterSet _filters = new(0, 0);
    private MatchCache _cache = new(new SubscriptionTree(1), 0, new MatchCacheLimits());
    private int _next;

    public static IEnumerable<int> FilterCounts => SmokeRun.IsOn ? [100, 1_000] : [100, 10_000, 1_000_000];

    [ParamsSource(nameof(FilterCounts))]
    public int Filters { get; set; }

    [GlobalSetup]
    public void Subscribe()
    {
        _filters = new FilterSet(Filters, WalkedTopics);
        _cache = new MatchCache(_filters.Tree, 0, new MatchCacheLimits());
        foreach (byte[] topic in _filters.Topics)
        {
            _leaves.Clear();
            _filters.Tree.Match(topic, _leaves);
            if (_leaves.Count != 1 || _cache.Find(topic).LocalCount != 1)
            {
                throw new InvalidOperationException("A topic does not match exactly one filter.");
            }
        }
    }

    [Benchmark]
    public int Walk()
    {
        byte[][] topics = _filters.Topics;
        _next = _next + 1 < topics.Length ? _next + 1 : 0;
        _leaves.Clear();
        _filters.Tree.Match(topics[_next], _leaves);
        return _leaves.Count;
    }

    [Benchmark]
    public int Cached()
    {
        byte[][] topics = _filters.Topics;
        _next = _next + 1 < Math.Min(topics.Length, CachedTopics) ? _next + 1 : 0;
        return _cache.Find(topics[_next]).LocalCount;
    }
}
