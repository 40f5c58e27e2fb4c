using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Bench.Loads;

/// <summary>QoS 0 packets on their way into an output: encoded here, then handed over together.</summary>
internal sealed class PacketScratch
{
    private const int UsualBytes = 64 * 1024;
    private const int HeadBytesMax = 256;

    private byte[] _bytes = new byte[UsualBytes];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Packets => _bytes.AsSpan(0, Length);

    /// <summary>Whether a packet with so much payload fits beside what is here already; an empty scratch grows as needed.</summary>
    public bool HasRoom(int payloadBytes) => Length == 0 || Length + payloadBytes + HeadBytesMax <= _bytes.Length;

    public void Append(scoped in PublishPacket packet, MqttVersion version)
    {
        int packetBytes = packet.GetByteCount(version);
        if (Length + packetBytes > _bytes.Length)
        {
            Array.Resize(ref _bytes, Length + packetBytes);
        }

        Length += packet.Write(_bytes.AsSpan(Length), version);
    }

    public void Clear() => Length = 0;
}
