namespace Starling.Broker.Routing;

/// <summary>
/// Tells caches whether what they remember of the tree still holds: a counter per first topic level, and one for the filters that
/// begin with a wildcard. Levels with the same hash share a counter, so that topics cannot make it grow: a change too many is only a walk.
/// </summary>
internal sealed class TopicVersions(ulong seed)
{
    private const int SlotCount = 4096;

    private readonly long[] _changes = new long[SlotCount];
    private long _wildcardChanges;

    /// <summary>Which counter concerns a Topic Name.</summary>
    public int SlotOf(ReadOnlySpan<byte> topic) => (int)(new LevelKey(TopicLevels.First(topic), seed).Hash % SlotCount);

    /// <summary>Both counters only rise, so their sum stays the same only while both do. Read it before the tree.</summary>
    public long Read(int slot) => Volatile.Read(ref _changes[slot]) + Volatile.Read(ref _wildcardChanges);

    /// <summary>Says that a filter's subscribers have changed. Called when the change can be seen.</summary>
    public void Changed(ReadOnlySpan<byte> filter)
    {
        if (filter[0] is (byte)'+' or (byte)'#')
        {
            Interlocked.Increment(ref _wildcardChanges);
        }
        else
        {
            Interlocked.Increment(ref _changes[SlotOf(filter)]);
        }
    }
}
