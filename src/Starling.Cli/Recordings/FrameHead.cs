using System.Buffers.Binary;
using Starling.CommitLog;

namespace Starling.Cli.Recordings;

/// <summary>What stands before the body of a frame: 20 bytes, with a checksum of their own, so that bodies can be passed over.</summary>
/// <param name="Kind">What the body is.</param>
/// <param name="BodyBytes">Its length.</param>
/// <param name="Microseconds">For a message when it came, from the begin of the recording; else 0.</param>
internal readonly record struct FrameHead(FrameKind Kind, int BodyBytes, long Microseconds)
{
    public const int Size = 20;

    /// <summary>After the body comes its checksum.</summary>
    public const int ChecksumBytes = 4;

    /// <summary>The largest body: a payload of 256 MiB with all properties fits.</summary>
    public const int BodyBytesMax = 512 << 20;

    private const int CheckedBytes = Size - ChecksumBytes;

    /// <summary>From its first byte to the frame after it.</summary>
    public long FrameBytes => Size + (long)BodyBytes + ChecksumBytes;

    public void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(target, (uint)BodyBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(target[4..], (uint)Kind);
        BinaryPrimitives.WriteInt64LittleEndian(target[8..], Microseconds);
        BinaryPrimitives.WriteUInt32LittleEndian(target[CheckedBytes..], Crc32C.Compute(target[..CheckedBytes]));
    }

    /// <summary>Reads 20 bytes; false when they are no head.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out FrameHead head)
    {
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(source);
        uint kind = BinaryPrimitives.ReadUInt32LittleEndian(source[4..]);
        long microseconds = BinaryPrimitives.ReadInt64LittleEndian(source[8..]);
        bool isRight = BinaryPrimitives.ReadUInt32LittleEndian(source[CheckedBytes..]) == Crc32C.Compute(source[..CheckedBytes])
            && length <= BodyBytesMax && kind is >= (uint)FrameKind.Message and <= (uint)FrameKind.End
            && microseconds >= 0 && microseconds <= TimeSpan.MaxValue.Ticks / TimeSpan.TicksPerMicrosecond;
        head = isRight ? new FrameHead((FrameKind)kind, (int)length, microseconds) : default;
        return isRight;
    }
}
