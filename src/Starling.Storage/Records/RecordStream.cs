using Starling.CommitLog;

namespace Starling.Storage.Records;

/// <summary>Reads the records of a file from one offset on, in big pieces, and checks each.</summary>
internal sealed class RecordStream(ILogFile file, long offset = 0)
{
    private const int PieceBytes = 256 << 10;

    private readonly long _length = file.Length;
    private byte[] _buffer = new byte[PieceBytes];
    private int _begin;
    private int _end;
    private long _next = offset;

    /// <summary>Where the record stands that was read last, or where none was found.</summary>
    public long Offset { get; private set; }

    /// <summary>Reads the next record, without its padding.</summary>
    /// <returns>Valid; Truncated at the end of the file; Damaged where no record stands.</returns>
    public RecordStatus TryRead(out ReadOnlySpan<byte> record)
    {
        record = default;
        Offset = _next - (_end - _begin);
        while (true)
        {
            RecordStatus status = RecordFormat.TryRead(_buffer.AsSpan(_begin, _end - _begin), out int length);
            if (status == RecordStatus.Valid)
            {
                record = _buffer.AsSpan(_begin, length);
                _begin += RecordFormat.Padded(length);
                return status;
            }

            if (status == RecordStatus.Damaged)
            {
                return status;
            }

            long missing = Offset + Math.Max(RecordFormat.HeaderBytes, RecordFormat.Padded(length));
            if (missing > _length)
            {
                // The rest of the file is no whole record: nothing at all, or what a damaged length announces.
                return Offset == _length ? RecordStatus.Truncated : RecordStatus.Damaged;
            }

            Fill((int)(missing - Offset));
        }
    }

    /// <summary>The next bytes without reading on; fewer at the end of the file.</summary>
    public ReadOnlySpan<byte> Peek(int count)
    {
        Offset = _next - (_end - _begin);
        if (_end - _begin < count)
        {
            count = (int)Math.Min(count, _length - Offset);
            if (_end - _begin < count)
            {
                Fill(count);
            }
        }

        return _buffer.AsSpan(_begin, count);
    }

    /// <summary>Goes on behind bytes that were not read.</summary>
    public void SkipTo(long offset)
    {
        long skipped = offset - (_next - (_end - _begin));
        if (skipped <= _end - _begin)
        {
            _begin += (int)skipped;
            return;
        }

        _begin = 0;
        _end = 0;
        _next = offset;
    }

    private void Fill(int recordBytes)
    {
        int kept = _end - _begin;
        byte[] target = recordBytes > _buffer.Length ? new byte[recordBytes] : _buffer;
        Buffer.BlockCopy(_buffer, _begin, target, 0, kept);
        _buffer = target;
        _begin = 0;
        int read = file.Read(_buffer.AsSpan(kept), _next);
        _next += read;
        _end = kept + read;
        if (_end < recordBytes)
        {
            throw new IOException("a file became shorter while it was read");
        }
    }
}
