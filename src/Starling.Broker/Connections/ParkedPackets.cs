using Starling.Protocol;

namespace Starling.Broker.Connections;

/// <summary>Packets of one connection that wait for memory, in their order.</summary>
internal sealed class ParkedPackets
{
    private readonly Queue<Parked> _packets = new();

    public int Count => _packets.Count;

    public int Bytes { get; private set; }

    /// <summary>Which shortage of memory it is that holds the connection, and since when.</summary>
    public int Shortage { get; private set; }

    public long HeldSinceMonotonicMilliseconds { get; private set; }

    /// <summary>The connection is held; the time counts from the first packet held in a shortage.</summary>
    public void Hold(int shortage, long nowMonotonicMilliseconds)
    {
        if (Shortage != shortage)
        {
            Shortage = shortage;
            HeldSinceMonotonicMilliseconds = nowMonotonicMilliseconds;
        }
    }

    public void Add(in Parked packet)
    {
        _packets.Enqueue(packet);
        Bytes += packet.Bytes.Length;
    }

    public bool TryPeek(out Parked packet) => _packets.TryPeek(out packet);

    public Parked Take()
    {
        Parked packet = _packets.Dequeue();
        Bytes -= packet.Bytes.Length;
        return packet;
    }

    /// <summary>A packet as it was received, with its topic resolved, since aliases may change before it is taken.</summary>
    internal readonly record struct Parked(PacketType Type, byte[] Bytes, byte[] Topic);
}
