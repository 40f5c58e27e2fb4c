using Starling.Storage.Records;
using Starling.Storage.State;

namespace Starling.Storage.Checkpoints;

/// <summary>A delivery as it stands in a checkpoint: 24 bytes.</summary>
/// <param name="Sequence">Its sequence number.</param>
/// <param name="Entry">Its entry.</param>
/// <param name="Filter">The number of its shared filter in the table of the record; 0: none.</param>
internal readonly record struct CheckpointDelivery(ulong Sequence, QueueEntry Entry, ushort Filter)
{
    public const int Bytes = 24;

    public static CheckpointDelivery Read(ref ByteReader reader)
    {
        ulong sequence = reader.ReadUInt64();
        QueueEntry entry = new() { Bits = reader.ReadUInt64(), Identifier = reader.ReadUInt32(), Size = reader.ReadUInt16() };
        return new CheckpointDelivery(sequence, entry, reader.ReadUInt16());
    }
}
