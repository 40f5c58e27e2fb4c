namespace Starling.Broker.Routing;

/// <summary>What a shard's match cache may hold, whatever is published.</summary>
internal sealed record MatchCacheLimits
{
    public int EntriesMax { get; init; } = 16_384;

    public long TopicBytesMax { get; init; } = 4 * 1024 * 1024;

    /// <summary>Targets, groups, leaves and shards in all results together; a target takes 24 bytes.</summary>
    public long TargetsMax { get; init; } = 1024 * 1024;
}
