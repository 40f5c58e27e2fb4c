namespace Starling.Broker.Routing;

/// <summary>A topic that the match cache remembers. Fields, because the cache works on entries in place.</summary>
internal struct MatchCacheEntry
{
    /// <summary>Null: the place is free.</summary>
    public byte[]? Topic;

    public MatchResult Result;

    /// <summary>The sum of versions that was read before the walk.</summary>
    public long Version;

    public uint Hash;

    public int VersionSlot;
}
