using Starling.Protocol;

namespace Starling.Broker.Connections;

/// <summary>Packets of one connection that wait for memory, in their order.</summary>
internal sealed class ParkedPackets
{
    private readonly Queue<Parked> _packets = new();

    public int Count => _packets.Count;

    public int Bytes { get; private set; }

    public long OldestMonotonicMilliseconds => _packets.TryPeek(out Parked first) ? first.AtMonotonicMilliseconds : long.MaxValue;

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
    internal readonly record struct Parked(PacketType Type, byte[] Bytes, byte[] Topic, long AtMonotonicMilliseconds);
}
