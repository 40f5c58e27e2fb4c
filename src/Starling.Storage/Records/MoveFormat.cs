using Starling.CommitLog;
using Starling.Storage.State;

namespace Starling.Storage.Records;

/// <summary>
/// The records by which compaction relocates messages. The header's identifier is the new segment and its number of references that of
/// the moves; the content is the old segment, then the moves: a delivery is session, sequence, old and new offset (24 bytes), a
/// retained message revision, old and new offset, length of the topic, topic. Offsets are in units of 8 bytes.
/// </summary>
internal static class MoveFormat
{
    private const int DeliveryBytes = 24;
    private const int RetainedFixedBytes = 18;

    public static int MeasureDeliveries(int count) => RecordFormat.HeaderBytes + 8 + (DeliveryBytes * count);

    public static int MeasureRetained(ReadOnlySpan<RetainedMove> moves)
    {
        int bytes = RecordFormat.HeaderBytes + 8;
        foreach (RetainedMove move in moves)
        {
            bytes += RetainedFixedBytes + move.Topic.Length;
        }

        return bytes;
    }

    public static void WriteDeliveries(Span<byte> target, int lengthBytes, ulong from, ulong to, ReadOnlySpan<DeliveryMove> moves)
    {
        new RecordHeader((byte)RecordType.DeliveriesMoved, 0, 0, (uint)moves.Length, to).Write(target);
        ByteWriter writer = new(target[RecordFormat.HeaderBytes..]);
        writer.Write(from);
        foreach (DeliveryMove move in moves)
        {
            writer.Write(move.Session);
            writer.Write(move.Sequence);
            writer.Write((uint)(move.OldOffset / 8));
            writer.Write((uint)(move.NewOffset / 8));
        }

        RecordFormat.Seal(target, lengthBytes);
    }

    public static void WriteRetained(Span<byte> target, int lengthBytes, ulong from, ulong to, ReadOnlySpan<RetainedMove> moves)
    {
        new RecordHeader((byte)RecordType.RetainedMoved, 0, 0, (uint)moves.Length, to).Write(target);
        ByteWriter writer = new(target[RecordFormat.HeaderBytes..]);
        writer.Write(from);
        foreach (RetainedMove move in moves)
        {
            writer.Write(move.Revision);
            writer.Write((uint)(move.OldOffset / 8));
            writer.Write((uint)(move.NewOffset / 8));
            writer.Write((ushort)move.Topic.Length);
            writer.Write(move.Topic);
        }

        RecordFormat.Seal(target, lengthBytes);
    }

    /// <summary>Sequence is the old segment of the decoded record, Session the new one.</summary>
    public static bool ReadDeliveries(ref ByteReader reader, ref RecordView record)
    {
        record.Sequence = reader.ReadUInt64();
        record.Items = reader.Read((long)record.Count * DeliveryBytes);
        return AreSegments(record);
    }

    /// <summary>Sequence is the old segment of the decoded record, Session the new one.</summary>
    public static bool ReadRetained(ref ByteReader reader, ref RecordView record)
    {
        record.Sequence = reader.ReadUInt64();
        ReadOnlySpan<byte> all = reader.Rest;
        for (uint i = 0; i < record.Count && !reader.IsOverrun; i++)
        {
            reader.Read(RetainedFixedBytes - 2);
            reader.Read(reader.ReadUInt16());
        }

        record.Items = all[..(all.Length - reader.Rest.Length)];
        return AreSegments(record);
    }

    public static DeliveryMove ReadDelivery(ref ByteReader reader) =>
        new(reader.ReadUInt64(), reader.ReadUInt64(), 8L * reader.ReadUInt32(), 8L * reader.ReadUInt32());

    /// <summary>The next retained message that moved; the topic stays in place.</summary>
    public static (ulong Revision, long OldOffset, long NewOffset) ReadRetainedMove(ref ByteReader reader, out ReadOnlySpan<byte> topic)
    {
        (ulong, long, long) move = (reader.ReadUInt64(), 8L * reader.ReadUInt32(), 8L * reader.ReadUInt32());
        topic = reader.Read(reader.ReadUInt16());
        return move;
    }

    private static bool AreSegments(in RecordView record) =>
        record.Session is > 0 and <= Location.SegmentMax && record.Sequence is > 0 and <= Location.SegmentMax;
}
