using Starling.CommitLog;
using Starling.Storage.Checkpoints;
using Starling.Storage.State;

namespace Starling.Storage.Upkeep;

/// <summary>
/// The file that survivors of compaction are written to, away from new messages, until it is as long as a segment. It has no frames:
/// records in the log say what in it counts.
/// </summary>
internal sealed class ColdFile(StoreParts parts) : IDisposable
{
    private ILogFile? _file;
    private long _length;
    private long _settled;
    private long _writtenBytes;

    /// <summary>The segment that is being written; 0: none.</summary>
    public ulong Segment { get; private set; }

    /// <summary>Any thread may ask.</summary>
    public long WrittenBytes => Volatile.Read(ref _writtenBytes);

    /// <summary>Makes sure that there is a file with room for survivors of one more segment, of so many bytes.</summary>
    public void Begin(long sourceBytes)
    {
        if (_file is not null && _length < parts.Options.Log.SegmentBytes / 2 && _length + sourceBytes <= Location.OffsetMax)
        {
            return;
        }

        Close();
        ulong segment = parts.Log.NextSegmentId();
        _file = parts.Directory.Open(StoreNames.Cold(segment), LogFileMode.CreateNew);
        Segment = segment;
    }

    /// <summary>Writes records; returns the offset of the first.</summary>
    public long Write(ReadOnlySpan<byte> records)
    {
        long offset = _length;
        Current.Write(records, offset);
        _length += records.Length;
        Volatile.Write(ref _writtenBytes, _writtenBytes + records.Length);
        return offset;
    }

    /// <summary>What was written is on the disk when this returns, so that the log may refer to it.</summary>
    public void Settle()
    {
        Current.Sync();
        if (_settled == 0)
        {
            parts.Directory.SyncFolder(StoreNames.ColdFolder);
        }

        _settled = _length;
    }

    /// <summary>Takes back what was written since it was settled.</summary>
    public void GiveUp()
    {
        if (_file is null)
        {
            return;
        }

        if (_settled == 0)
        {
            ulong segment = Segment;
            Close();
            parts.Directory.Delete(StoreNames.Cold(segment));
        }
        else
        {
            Current.Truncate(_settled);
            _length = _settled;
        }
    }

    /// <summary>Another file follows.</summary>
    public void Close()
    {
        _file?.Dispose();
        _file = null;
        Segment = 0;
        _length = 0;
        _settled = 0;
    }

    public void Dispose() => Close();

    private ILogFile Current => _file ?? throw new InvalidOperationException("no cold file was begun");
}
