using Starling.Broker.Ports;
using Starling.CommitLog;
using Starling.Storage.Records;
using Starling.Storage.State;

namespace Starling.Storage.Commits;

/// <summary>Reads messages by their places, ahead in big pieces because the next one often stands right behind. Of one thread.</summary>
internal sealed class MessageReader(SegmentFiles files)
{
    private const int PieceBytes = 64 << 10;
    private const int KeptBytesMax = 1 << 20;
    private const int FirstPieceBytes = 4 << 10;

    private byte[] _buffer = new byte[PieceBytes];
    private ulong _segment;
    private long _offset;
    private int _length;

    /// <summary>Forgets what was read ahead: a file may be another one by the next question.</summary>
    public void Clear()
    {
        _length = 0;
        if (_buffer.Length > KeptBytesMax)
        {
            _buffer = new byte[PieceBytes];
        }
    }

    /// <summary>The record at a place, if a valid message stands there.</summary>
    public bool TryRead(Location location, out RecordView record)
    {
        record = default;
        RecordStatus status = RecordFormat.TryRead(Ahead(location), out int length);
        if (status == RecordStatus.Truncated)
        {
            Fill(location, Math.Max(length, RecordFormat.HeaderBytes));
            status = RecordFormat.TryRead(Ahead(location), out length);
            if (status == RecordStatus.Truncated && length > 0)
            {
                Fill(location, length);
                status = RecordFormat.TryRead(Ahead(location), out length);
            }
        }

        return status == RecordStatus.Valid
            && RecordDecoder.TryDecode(Ahead(location)[..length], out record)
            && record.Type == RecordType.Message;
    }

    /// <summary>The message of a delivery; null when what stands there is not its message.</summary>
    public RecoveredMessage? ReadDelivery(Location location, ulong session, ulong sequence)
    {
        if (!TryRead(location, out RecordView record))
        {
            return null;
        }

        ByteReader references = new(record.Items);
        for (uint i = 0; i < record.Count && ReferenceFormat.TryRead(ref references, out ReferenceView reference); i++)
        {
            if (reference.Session == session && reference.Sequence == sequence)
            {
                return Copy(record, sequence);
            }
        }

        return null;
    }

    /// <summary>A retained message; null when what stands there is not it.</summary>
    public RecoveredMessage? ReadRetained(RetainedState retained) =>
        TryRead(retained.Location, out RecordView record)
        && record.RetainedRevision == retained.Revision && record.Topic.SequenceEqual(retained.Topic)
            ? Copy(record, 0)
            : null;

    private static RecoveredMessage Copy(in RecordView record, ulong sequence)
    {
        byte[] bytes = new byte[record.ContentBytes];
        record.Topic.CopyTo(bytes);
        record.Properties.CopyTo(bytes.AsSpan(record.Topic.Length));
        record.Payload.CopyTo(bytes.AsSpan(record.Topic.Length + record.Properties.Length));
        return new RecoveredMessage
        {
            Sequence = sequence,
            Topic = bytes.AsMemory(0, record.Topic.Length),
            Properties = bytes.AsMemory(record.Topic.Length, record.Properties.Length),
            Payload = bytes.AsMemory(record.Topic.Length + record.Properties.Length),
            Qos = record.Qos,
            Retain = record.Retain,
            ExpiresAtUtcMilliseconds = record.ExpiresAtUtcMilliseconds,
            Publisher = record.Session,
        };
    }

    private ReadOnlySpan<byte> Ahead(Location location)
    {
        long at = location.Offset - _offset;
        return location.Segment == _segment && at >= 0 && at < _length ? _buffer.AsSpan((int)at, _length - (int)at) : default;
    }

    private void Fill(Location location, int recordBytes)
    {
        ILogFile file = files.Open(location.Segment);

        // Messages of one session stand among those of others; only where they follow each other it pays to read ahead.
        long behind = location.Offset - _offset - _length;
        bool isNear = location.Segment == _segment && _length > 0 && behind is > -PieceBytes and < FirstPieceBytes;
        long wanted = Math.Max(RecordFormat.Padded(recordBytes), isNear ? PieceBytes : FirstPieceBytes);
        if (wanted > _buffer.Length && location.Offset + wanted <= file.Length)
        {
            _buffer = new byte[wanted];
        }

        _segment = location.Segment;
        _offset = location.Offset;
        _length = 0;
        _length = file.Read(_buffer.AsSpan(0, (int)Math.Min(wanted, _buffer.Length)), location.Offset);
    }
}
