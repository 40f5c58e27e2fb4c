namespace Starling.Broker.Connections;

/// <summary>
/// The topic aliases that the server has set on one connection: the first topics get them, in order, and keep them until the connection
/// ends, since an alias is dearest where topics come once.
/// </summary>
internal sealed class OutgoingAliases
{
    private readonly Dictionary<byte[], ushort> _aliases = new(TopicComparer.Instance);
    private readonly Dictionary<byte[], ushort>.AlternateLookup<ReadOnlySpan<byte>> _lookup;
    private readonly int _maximum;

    public OutgoingAliases(int maximum)
    {
        _maximum = maximum;
        _lookup = _aliases.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>The alias for a topic; 0: none. When it is known to the client, the topic itself can be left out.</summary>
    public ushort Get(ReadOnlySpan<byte> topic, out bool isKnown)
    {
        if (_lookup.TryGetValue(topic, out ushort alias))
        {
            isKnown = true;
            return alias;
        }

        isKnown = false;
        if (_aliases.Count >= _maximum)
        {
            return 0;
        }

        alias = (ushort)(_aliases.Count + 1);
        _aliases.Add(topic.ToArray(), alias);
        return alias;
    }

    private sealed class TopicComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static TopicComparer Instance { get; } = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            HashCode hash = default;
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
