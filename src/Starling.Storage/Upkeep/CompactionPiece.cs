using Starling.Storage.Records;
using Starling.Storage.State;

namespace Starling.Storage.Upkeep;

/// <summary>The messages of a piece of a segment on their way through compaction: read, asked about, written elsewhere.</summary>
internal sealed class CompactionPiece
{
    private readonly RecordBuffer _survivors = new();
    private readonly List<(int Start, int Length, long Offset)> _records = [];
    private byte[] _bytes = new byte[64 << 10];
    private int _length;

    public LiveWork Live { get; private set; } = new();

    /// <summary>Reads messages until so many bytes were passed. False at the end of the segment.</summary>
    public bool Read(SegmentScan scan, ulong segment, long bytes)
    {
        _records.Clear();
        _length = 0;
        Live = new LiveWork();
        long begin = scan.Position;
        while (scan.Position - begin < bytes)
        {
            if (!scan.TryNext(out ReadOnlySpan<byte> record))
            {
                return false;
            }

            if (RecordDecoder.TryDecode(record, out RecordView view) && view.Type == RecordType.Message)
            {
                Keep(record);
                AddCandidates(view, new Location(segment, scan.Offset));
                _records.Add((_length - record.Length, record.Length, scan.Offset));
            }
        }

        return true;
    }

    /// <summary>Writes what is live, and says what has moved.</summary>
    public void Write(ColdFile target, List<DeliveryMove> deliveries, List<RetainedMove> retained)
    {
        _survivors.Clear();
        int firstDelivery = deliveries.Count;
        int firstRetained = retained.Count;
        int nextDelivery = 0;
        int nextRetained = 0;
        for (int i = 0; i < _records.Count; i++)
        {
            int delivery = nextDelivery;
            int kept = nextRetained;
            for (; nextDelivery < Live.Deliveries.Count && Live.Deliveries[nextDelivery].Record == i; nextDelivery++)
            {
                LiveDelivery live = Live.Deliveries[nextDelivery];
                deliveries.Add(new DeliveryMove(live.Session, live.Sequence, live.Location.Offset, _survivors.Length));
            }

            for (; nextRetained < Live.Retained.Count && Live.Retained[nextRetained].Record == i; nextRetained++)
            {
                LiveRetained live = Live.Retained[nextRetained];
                retained.Add(new RetainedMove(live.Topic, live.Revision, live.Location.Offset, _survivors.Length));
            }

            if (delivery < nextDelivery || kept < nextRetained)
            {
                WriteSurvivor(_records[i], delivery, nextDelivery, isRetained: kept < nextRetained);
            }
        }

        if (_survivors.Length > 0)
        {
            Shift(target.Write(_survivors.Bytes), deliveries, firstDelivery, retained, firstRetained);
        }
    }

    private static void Shift(
        long offset, List<DeliveryMove> deliveries, int firstDelivery, List<RetainedMove> retained, int firstRetained)
    {
        for (int i = firstDelivery; i < deliveries.Count; i++)
        {
            deliveries[i] = deliveries[i] with { NewOffset = deliveries[i].NewOffset + offset };
        }

        for (int i = firstRetained; i < retained.Count; i++)
        {
            retained[i] = retained[i] with { NewOffset = retained[i].NewOffset + offset };
        }
    }

    private void Keep(ReadOnlySpan<byte> record)
    {
        if (record.Length > _bytes.Length - _length)
        {
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _length + record.Length));
        }

        record.CopyTo(_bytes.AsSpan(_length));
        _length += record.Length;
    }

    private void AddCandidates(scoped in RecordView record, Location location)
    {
        int index = _records.Count;
        ByteReader references = new(record.Items);
        for (uint i = 0; i < record.Count && ReferenceFormat.TryRead(ref references, out ReferenceView reference); i++)
        {
            Live.Deliveries.Add(new LiveDelivery(index, reference.Session, reference.Sequence, location));
        }

        if (record.RetainedRevision != 0)
        {
            Live.Retained.Add(new LiveRetained(index, record.Topic.ToArray(), record.RetainedRevision, location));
        }
    }

    // As it was, with the live references only, and without what has had its effect.
    private void WriteSurvivor((int Start, int Length, long Offset) kept, int firstDelivery, int endDelivery, bool isRetained)
    {
        if (!RecordDecoder.TryDecode(_bytes.AsSpan(kept.Start, kept.Length), out RecordView record))
        {
            return;
        }

        ushort flags = (ushort)((ushort)record.Qos
            | (record.Retain ? MessageFormat.Retain : 0)
            | (isRetained ? MessageFormat.Revision : 0)
            | (record.ExpiresAtUtcMilliseconds != long.MaxValue ? MessageFormat.Expiry : 0)
            | (record.Properties.Length > 0 ? MessageFormat.Properties : 0));
        _survivors.Begin();
        _survivors.Write(flags);
        if (isRetained)
        {
            _survivors.Write(record.RetainedRevision);
            _survivors.Write(0UL);
        }

        if ((flags & MessageFormat.Expiry) != 0)
        {
            _survivors.Write(record.ExpiresAtUtcMilliseconds);
        }

        if ((flags & MessageFormat.Properties) != 0)
        {
            _survivors.Write((uint)record.Properties.Length);
        }

        int next = firstDelivery;
        ByteReader references = new(record.Items);
        for (uint i = 0; i < record.Count && ReferenceFormat.TryRead(ref references, out ReferenceView reference); i++)
        {
            if (next < endDelivery && Live.Deliveries[next].Session == reference.Session && Live.Deliveries[next].Sequence == reference.Sequence)
            {
                _survivors.Write(reference.Encoded);
                next++;
            }
        }

        _survivors.Write(record.Topic);
        _survivors.Write(record.Properties);
        _survivors.Write(record.Payload);
        _survivors.End(RecordType.Message, record.Session, record.Topic.Length, next - firstDelivery);
    }
}
