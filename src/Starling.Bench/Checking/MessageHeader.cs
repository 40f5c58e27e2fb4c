using System.Buffers.Binary;

namespace Starling.Bench.Checking;

/// <summary>The first bytes of every payload: by them each receiver checks loss, duplicates, order and time of each message.</summary>
/// <param name="Run">Tells the runs apart that share a server.</param>
/// <param name="Publisher">The number of the publisher in its run, from 0.</param>
/// <param name="Sequence">The number of the message at its publisher, from 0.</param>
/// <param name="Intended">When it was to be sent, by the monotonic clock of the machine, in nanoseconds.</param>
internal readonly record struct MessageHeader(uint Run, int Publisher, long Sequence, long Intended)
{
    /// <summary>The bytes of a header, and so the smallest payload.</summary>
    public const int Bytes = 24;

    public static bool TryRead(ReadOnlySpan<byte> payload, out MessageHeader header)
    {
        if (payload.Length < Bytes)
        {
            header = default;
            return false;
        }

        header = new MessageHeader(
            BinaryPrimitives.ReadUInt32LittleEndian(payload),
            BinaryPrimitives.ReadInt32LittleEndian(payload[4..]),
            BinaryPrimitives.ReadInt64LittleEndian(payload[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(payload[16..]));
        return header is { Publisher: >= 0, Sequence: >= 0 };
    }

    public void Write(Span<byte> payload)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(payload, Run);
        BinaryPrimitives.WriteInt32LittleEndian(payload[4..], Publisher);
        BinaryPrimitives.WriteInt64LittleEndian(payload[8..], Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(payload[16..], Intended);
    }
}
