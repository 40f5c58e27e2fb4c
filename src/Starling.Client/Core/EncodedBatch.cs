using Starling.Protocol;
using Starling.Protocol.Packets;

namespace Starling.Client.Core;

/// <summary>QoS 0 packets in wire form, made by the publishing threads for one connection.</summary>
internal sealed class EncodedBatch
{
    /// <summary>A batch is closed beyond this; a larger packet has a batch of its own.</summary>
    public const int BytesMax = 64 * 1024;

    private byte[] _bytes = GC.AllocateUninitializedArray<byte>(BytesMax);

    /// <summary>The connection that it was made for.</summary>
    public long Generation { get; private set; }

    /// <summary>How many packets.</summary>
    public int Messages { get; private set; }

    /// <summary>Their length.</summary>
    public int LengthBytes { get; private set; }

    /// <summary>The packets.</summary>
    public ReadOnlySpan<byte> Packets => _bytes.AsSpan(0, LengthBytes);

    /// <summary>Whether it may be used again: a huge one is not kept.</summary>
    public bool IsReusable => _bytes.Length <= BytesMax;

    public void Reset(long generation)
    {
        Generation = generation;
        Messages = 0;
        LengthBytes = 0;
    }

    public bool HasRoom(long generation, int packetBytes) => Generation == generation && LengthBytes + packetBytes <= BytesMax;

    public void Append(scoped in PublishPacket packet, int packetBytes, MqttVersion version)
    {
        if (LengthBytes == 0 && packetBytes > _bytes.Length)
        {
            _bytes = GC.AllocateUninitializedArray<byte>(packetBytes);
        }

        LengthBytes += packet.Write(_bytes.AsSpan(LengthBytes), version);
        Messages++;
    }
}
