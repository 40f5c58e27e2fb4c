namespace Starling.Broker.Routing;

/// <summary>What a <see cref="LevelTable"/> holds: something that is found by the bytes of one level.</summary>
internal class LevelNode
{
    private readonly ulong _head;
    private readonly int _lengthBytes;
    private readonly byte[] _tail;

    public LevelNode(in LevelKey key)
    {
        Hash = key.Hash;
        _head = key.Head;
        _lengthBytes = key.Level.Length;
        _tail = key.Level.Length <= LevelKey.HeadBytes ? [] : key.Level[LevelKey.HeadBytes..].ToArray();
    }

    private LevelNode()
    {
        _lengthBytes = -1;
        _tail = [];
    }

    /// <summary>Stands in a table where a node was; equal to no key.</summary>
    public static LevelNode Removed { get; } = new();

    public uint Hash { get; }

    /// <summary>Whether the level begins with the sign that keeps wildcards out [MQTT-4.7.2-1].</summary>
    public bool BeginsWithDollar => _lengthBytes > 0 && (byte)_head == (byte)'$';

    public bool Is(in LevelKey key)
    {
        return Hash == key.Hash
            && _head == key.Head
            && _lengthBytes == key.Level.Length
            && (_tail.Length == 0 || key.Level[LevelKey.HeadBytes..].SequenceEqual(_tail));
    }
}
