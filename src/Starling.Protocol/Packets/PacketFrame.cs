namespace Starling.Protocol.Packets;

/// <summary>One whole packet, found in the received bytes; valid as long as they are.</summary>
public readonly ref struct PacketFrame
{
    private readonly int _bodyOffset;

    /// <summary>Frames the bytes of exactly one packet.</summary>
    /// <param name="bytes">The fixed header and everything behind it.</param>
    /// <param name="bodyOffset">The length of the fixed header: 2 to 5 bytes.</param>
    internal PacketFrame(ReadOnlySpan<byte> bytes, int bodyOffset)
    {
        Bytes = bytes;
        _bodyOffset = bodyOffset;
    }

    /// <summary>The packet with its fixed header.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>What follows the fixed header.</summary>
    public ReadOnlySpan<byte> Body => Bytes[_bodyOffset..];

    /// <summary>The type in the high nibble, the flags in the low one.</summary>
    public byte FirstByte => Bytes[0];

    /// <summary>The type.</summary>
    public PacketType Type => (PacketType)(FirstByte >> 4);

    /// <summary>The low nibble of the first byte.</summary>
    public int Flags => FirstByte & 0x0F;

    /// <summary>Whether the remaining length is coded in the fewest bytes: 5.0 demands it [MQTT-1.5.5-1], 3.x does not.</summary>
    public bool IsShortestLength => _bodyOffset == 2 || Bytes.Length - _bodyOffset >= 1 << (7 * (_bodyOffset - 2));
}
