using System.Globalization;
using Starling.Client.Core;
using Starling.CommitLog;

namespace Starling.Client.Outboxes;

/// <summary>Makes the messages of an earlier process again out of the records that it left.</summary>
internal sealed class OutboxReplay(Outbox outbox, OutboxStore? store) : IFrameVisitor
{
    /// <summary>What is not done, by ticket.</summary>
    public SortedDictionary<ulong, PublishCall> Live { get; } = [];

    /// <summary>The highest ticket of a record.</summary>
    public ulong LastTicket { get; private set; }

    /// <summary>The last place in the order of PUBRECs.</summary>
    public ulong LastReleasePlace { get; private set; }

    /// <inheritdoc/>
    public void Visit(in LogFrame frame)
    {
        ReadOnlySpan<byte> rest = frame.Records;
        long offset = frame.RecordsOffset;
        while (!rest.IsEmpty)
        {
            RecordStatus status = RecordFormat.TryRead(rest, out int length);
            if (status != RecordStatus.Valid || !OutboxRecords.TryReadHeader(rest[..length], out RecordHeader header))
            {
                throw new LogFormatException(string.Create(
                    CultureInfo.InvariantCulture, $"the record at offset {offset} of segment {frame.SegmentId:x16} is none that this program knows"));
            }

            Apply(rest[..length], header, frame.SegmentId);
            int padded = RecordFormat.Padded(length);
            offset += padded;
            rest = rest[padded..];
        }
    }

    private void Apply(ReadOnlySpan<byte> record, in RecordHeader header, ulong segment)
    {
        LastTicket = Math.Max(LastTicket, header.Id);
        if (header.Type is (byte)OutboxChangeKind.Stored or (byte)OutboxChangeKind.Moved)
        {
            PublishCall call = OutboxRecords.ReadMessage(record, header, outbox, store);
            call.Segment = segment;
            Live[header.Id] = call;
            LastReleasePlace = Math.Max(LastReleasePlace, call.ReleasePlace);
        }
        else if (header.Type == (byte)OutboxChangeKind.Done)
        {
            Live.Remove(header.Id);
        }
        else if (Live.TryGetValue(header.Id, out PublishCall? call))
        {
            OutboxRecords.ReadState(record, call, header);
            LastReleasePlace = Math.Max(LastReleasePlace, call.ReleasePlace);
        }
    }
}
