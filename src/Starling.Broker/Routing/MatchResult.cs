namespace Starling.Broker.Routing;

/// <summary>Who gets the messages of one topic, as one shard sees it. Never changed: it is a snapshot, also while subscriptions change.</summary>
internal sealed class MatchResult
{
    public static MatchResult None { get; } = new();

    /// <summary>This shard's sessions, each once; the first <see cref="LocalCount"/> count.</summary>
    public LocalTarget[] Local { get; init; } = [];

    public int LocalCount { get; init; }

    /// <summary>Whether at least two of the local subscriptions are granted no more than QoS 0.</summary>
    public bool HasManyAtQos0 { get; init; }

    /// <summary>Other shards that have a subscription which is not shared.</summary>
    public int[] RemoteShards { get; init; } = [];

    /// <summary>Those of <see cref="RemoteShards"/> that have one of a persistent session.</summary>
    public int[] RemotePersistentShards { get; init; } = [];

    public SharedGroup[] Groups { get; init; } = [];

    /// <summary>How many Topic Filters match.</summary>
    public int LeafCount { get; init; }

    public bool IsEmpty => LocalCount == 0 && RemoteShards.Length == 0 && Groups.Length == 0;

    /// <summary>What it counts for in <see cref="MatchCacheLimits.TargetsMax"/>; subscriptions that overlap are among the leaves.</summary>
    public int Weight => Local.Length + RemoteShards.Length + RemotePersistentShards.Length + Groups.Length + LeafCount;
}
