using System.Buffers;

namespace Starling.Protocol.Packets;

/// <summary>Finds packets in a stream of bytes.</summary>
public static class PacketFraming
{
    /// <summary>The longest fixed header.</summary>
    public const int HeaderBytesMax = 1 + VariableByteInteger.BytesMax;

    /// <summary>The longest packet that the format allows.</summary>
    public const int PacketBytesMax = HeaderBytesMax + (int)VariableByteInteger.MaxValue;

    /// <summary>Frames the first packet of <paramref name="source"/>.</summary>
    /// <param name="source">Received bytes, from the beginning of a packet on.</param>
    /// <param name="packetBytesMax">The longest packet taken, fixed header included.</param>
    /// <param name="frame">The packet when Done.</param>
    /// <param name="neededBytes">
    /// The whole length of the packet, also when it is cut off; <see cref="HeaderBytesMax"/> while unknown.
    /// </param>
    /// <param name="violation">The fault when InvalidData.</param>
    /// <returns>
    /// Done; NeedMoreData; or InvalidData for a reserved type [U5-01], a bad length [U5-02], or a packet that is too long, which is
    /// refused as soon as its length is known [U5-42].
    /// </returns>
    public static OperationStatus TryReadFrame(
        ReadOnlySpan<byte> source, int packetBytesMax, out PacketFrame frame, out int neededBytes, out ProtocolViolation violation)
    {
        frame = default;
        violation = default;
        neededBytes = HeaderBytesMax;
        if (source.Length < 2)
        {
            return source.Length == 1 && source[0] < 0x10 ? RefuseType(out violation) : OperationStatus.NeedMoreData;
        }

        if (source[0] < 0x10)
        {
            return RefuseType(out violation);
        }

        int headerBytes = 2;
        uint bodyBytes = source[1];
        if (bodyBytes >= 0x80)
        {
            OperationStatus status = VariableByteInteger.TryRead(source[1..], out bodyBytes, out int lengthBytes);
            if (status != OperationStatus.Done)
            {
                violation = status == OperationStatus.InvalidData ? new(ReasonCode.MalformedPacket, "U5-02") : default;
                return status;
            }

            headerBytes = 1 + lengthBytes;
        }

        neededBytes = headerBytes + (int)bodyBytes;
        if (neededBytes > packetBytesMax)
        {
            violation = new(ReasonCode.PacketTooLarge, "U5-42");
            return OperationStatus.InvalidData;
        }

        if (neededBytes > source.Length)
        {
            return OperationStatus.NeedMoreData;
        }

        frame = new PacketFrame(source[..neededBytes], headerBytes);
        return OperationStatus.Done;
    }

    private static OperationStatus RefuseType(out ProtocolViolation violation)
    {
        violation = new(ReasonCode.MalformedPacket, "U5-01");
        return OperationStatus.InvalidData;
    }
}
