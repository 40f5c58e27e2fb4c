using Starling.CommitLog;

namespace Starling.Storage.Records;

/// <summary>
/// Reads the records of a segment one after the other: of one of the log, which has frames, or of a cold one, which has not. Damage ends
/// a frame, or a cold segment, and is counted.
/// </summary>
internal sealed class SegmentScan(ILogFile file, ulong segment, ulong? storePrefix)
{
    private readonly RecordStream _stream = new(file);
    private readonly long _end = file.Length;
    private long _position;
    private long _frameEnd;

    /// <summary>Where the record stands that was read last.</summary>
    public long Offset { get; private set; }

    /// <summary>How far it has read.</summary>
    public long Position => _position;

    /// <summary>Places where no record stood that should have.</summary>
    public int Damages { get; private set; }

    /// <summary>The first of them; -1: none.</summary>
    public long DamageOffset { get; private set; } = -1;

    /// <summary>The next record, without padding; false at the end.</summary>
    public bool TryNext(out ReadOnlySpan<byte> record)
    {
        while (TryEnterFrame())
        {
            RecordStatus status = _stream.TryRead(out record);
            Offset = _stream.Offset;
            if (status == RecordStatus.Valid && Offset + RecordFormat.Padded(record.Length) <= _frameEnd)
            {
                _position = Offset + RecordFormat.Padded(record.Length);
                return true;
            }

            Damages++;
            DamageOffset = DamageOffset < 0 ? Offset : DamageOffset;
            _position = _frameEnd;
            _stream.SkipTo(_frameEnd);
        }

        record = default;
        return false;
    }

    private bool TryEnterFrame()
    {
        if (storePrefix is not { } prefix)
        {
            // The records of a cold segment are as one frame.
            _frameEnd = _end;
            return _position < _end;
        }

        while (_position == _frameEnd)
        {
            // Where no frame of this segment begins, what follows is from an earlier life of the file, or zeros.
            if (!FrameHeader.TryRead(_stream.Peek(FrameHeader.Bytes), out FrameHeader header)
                || header.SegmentId != segment || header.StorePrefix != prefix || _position + header.LengthBytes > _end)
            {
                return false;
            }

            _frameEnd = _position + header.LengthBytes;
            _position += FrameHeader.Bytes;
            _stream.SkipTo(_position);
        }

        return true;
    }
}
