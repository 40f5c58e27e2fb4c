namespace Starling.Protocol.Connections;

/// <summary>
/// The Topic Aliases that this side sets on one connection: the topics used last, found and replaced without allocation. A full table
/// gives a place only to a topic that is seen a second time, so that a stream of ever new topics does not pay for aliases that it never
/// uses again. One thread at a time; aliases must be used in the order in which their packets are written.
/// </summary>
public sealed class OutgoingAliases
{
    /// <summary>What an alias adds to a packet at most, where its topic is written too: the property, and longer lengths.</summary>
    public const int ExtraBytesMax = 5;

    // An alias takes 3 bytes: below this there is little to gain.
    private const int TopicBytesMin = 8;
    private const int PlacesMax = 64;
    private const int SeenMask = 63;

    private readonly int _first;
    private readonly ReadOnlyMemory<byte>[] _topics;
    private readonly int[] _hashes;
    private readonly long[] _uses;
    private readonly int[] _seen = new int[SeenMask + 1];
    private long _clock;
    private int _count;
    private int _last;

    private OutgoingAliases(int first, int places)
    {
        _first = first;
        _topics = new ReadOnlyMemory<byte>[places];
        _hashes = new int[places];
        _uses = new long[places];
    }

    /// <summary>A table without places: for 3.x, and where aliases are not wanted.</summary>
    public static OutgoingAliases None { get; } = new(0, 0);

    /// <summary>
    /// For QoS 1 and 2, which <see cref="ClientConnection"/> writes. The aliases that a server takes are shared with
    /// <see cref="ForEncoded"/>, because the two are written by different threads.
    /// </summary>
    public static OutgoingAliases ForAcknowledged(in ServerLimits limits) => new(1, PlacesOfAcknowledged(limits));

    /// <summary>For packets that are handed to <see cref="ClientConnection.SendEncoded"/>.</summary>
    public static OutgoingAliases ForEncoded(in ServerLimits limits)
    {
        int others = PlacesOfAcknowledged(limits);
        return new OutgoingAliases(others + 1, Math.Min(PlacesMax, limits.TopicAliasMaximum - others));
    }

    /// <summary>The alias for a topic; 0 for none.</summary>
    /// <param name="topic">The Topic Name, which must not change.</param>
    /// <param name="isKnown">Whether the server knows the alias, so that the topic is left out.</param>
    public ushort Use(ReadOnlyMemory<byte> topic, out bool isKnown)
    {
        isKnown = false;
        ReadOnlySpan<byte> bytes = topic.Span;
        if (bytes.Length < TopicBytesMin || _topics.Length == 0)
        {
            return 0;
        }

        if (_count > 0 && _topics[_last].Span.SequenceEqual(bytes))
        {
            isKnown = true;
            return (ushort)(_first + _last);
        }

        int hash = Hash(bytes);
        int place = _hashes.AsSpan(0, _count).IndexOf(hash);
        isKnown = place >= 0 && _topics[place].Span.SequenceEqual(bytes);
        if (!isKnown)
        {
            place = place >= 0 ? place : FindPlace(hash);
            if (place < 0)
            {
                return 0;
            }

            _topics[place] = topic;
            _hashes[place] = hash;
        }

        _uses[place] = ++_clock;
        _last = place;
        return (ushort)(_first + place);
    }

    private static int PlacesOfAcknowledged(in ServerLimits limits) => Math.Min(PlacesMax, (limits.TopicAliasMaximum + 1) / 2);

    private static int Hash(ReadOnlySpan<byte> topic)
    {
        ulong hash = (ulong)topic.Length;
        for (; topic.Length >= sizeof(ulong); topic = topic[sizeof(ulong)..])
        {
            hash = (hash ^ System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(topic)) * 0x9E3779B97F4A7C15;
            hash ^= hash >> 29;
        }

        foreach (byte rest in topic)
        {
            hash = (hash ^ rest) * 0x9E3779B97F4A7C15;
        }

        return (int)(hash >> 32);
    }

    private int FindPlace(int hash)
    {
        if (_count < _topics.Length)
        {
            return _count++;
        }

        ref int seen = ref _seen[hash & SeenMask];
        if (seen != hash)
        {
            seen = hash;
            return -1;
        }

        int oldest = 0;
        for (int place = 1; place < _count; place++)
        {
            oldest = _uses[place] < _uses[oldest] ? place : oldest;
        }

        return oldest;
    }
}
