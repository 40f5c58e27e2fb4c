using Starling.CommitLog;
using Starling.Storage.Checkpoints;
using Starling.Storage.Records;
using Starling.Storage.State;

namespace Starling.Storage.Upkeep;

/// <summary>
/// Copies what is still needed of a segment that is mostly not, so that its file can be given back: reads a piece, asks the committer
/// what of it is live, writes that to the cold file, and so on; then the log says that it has moved. Of the worker.
/// </summary>
internal sealed class Compaction(StoreParts parts, Checkpointing checkpointing) : IDisposable
{
    private const int PieceBytes = 256 << 10;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ColdFile _cold = new(parts);
    private readonly CompactionPiece _piece = new();
    private readonly MoveAppending _moves = new(parts);
    private readonly Pace _pace = new(parts.Time);
    private readonly HashSet<ulong> _excluded = [];
    private CompactionStage _stage;
    private PickWork? _pick;
    private ulong _source;
    private SegmentUse? _pinned;
    private ILogFile? _file;
    private SegmentScan? _scan;
    private bool _isLastPiece;
    private long _lastCheckpoint = -1;
    private long _lastTime;
    private long _compacted;
    private long _moved;
    private long _damages;

    /// <summary>The segments that must not be given back now.</summary>
    public IEnumerable<ulong> InUse => [_source, _cold.Segment];

    public bool IsBusy => _stage != CompactionStage.Idle;

    /// <summary>Segments since the start. Any thread may ask, as for the next three.</summary>
    public long Compacted => Volatile.Read(ref _compacted);

    /// <summary>References that were said to have moved.</summary>
    public long Moved => Volatile.Read(ref _moved);

    public long Damages => Volatile.Read(ref _damages);

    public long WrittenBytes => _cold.WrittenBytes;

    /// <summary>What is written from now on goes into another file than before.</summary>
    public void BeginAnotherFile() => _cold.Close();

    /// <summary>Does a step. False when there is nothing to do, or somebody else has to do something first.</summary>
    public bool Step()
    {
        try
        {
            return _stage switch
            {
                CompactionStage.Idle => TryAsk(),
                CompactionStage.Picking => TryBegin(),
                CompactionStage.Reading => TryRead(),
                CompactionStage.Asking => TryWrite(),
                CompactionStage.Appending => TryAppend(),
                _ => TryEnd(),
            };
        }
        catch (LogFullException cause)
        {
            parts.Logger.CompactionFailed(cause, _source);
            _cold.GiveUp();
            End();
            return false;
        }
    }

    /// <summary>A segment was given back.</summary>
    public void Forget(ulong segment) => _excluded.Remove(segment);

    public void Dispose()
    {
        _file?.Dispose();
        _cold.Dispose();
    }

    private bool TryAsk()
    {
        bool isDue = _lastCheckpoint != checkpointing.Count || parts.Time.GetElapsedTime(_lastTime) >= Pause;
        if (!isDue || parts.Options.CompactionPercent == 0)
        {
            return false;
        }

        _lastCheckpoint = checkpointing.Count;
        _lastTime = parts.Time.GetTimestamp();
        _pick = new PickWork(
            parts.Log.Segments,
            parts.Manifest.Current.OlderCheckpoint,
            parts.Options.CompactionPercent,
            new HashSet<ulong>(_excluded) { _cold.Segment });
        parts.Ask(_pick);
        _stage = CompactionStage.Picking;
        return true;
    }

    private bool TryBegin()
    {
        if (_pick is not { IsDone: true } pick)
        {
            return false;
        }

        _pick = null;
        _stage = CompactionStage.Idle;
        if (pick.Segment == 0)
        {
            return false;
        }

        _source = pick.Segment;
        _pinned = pick.Pinned;
        string name = pick.IsCold ? StoreNames.Cold(_source) : StoreNames.Log(_source);
        if (!TryUse(() => Open(name, pick.IsCold), out long length))
        {
            return true;
        }

        _cold.Begin(length);
        _moves.Clear();
        _stage = CompactionStage.Reading;
        return true;
    }

    private bool TryRead()
    {
        long rate = parts.Options.CompactionBytesPerSecond * (parts.Appends.IsFull ? 4 : 1);
        if (_scan is not { } scan || !_pace.IsOpen(rate))
        {
            return false;
        }

        long begin = scan.Position;
        if (!TryUse(() => _piece.Read(scan, _source, PieceBytes), out bool hasMore))
        {
            return true;
        }

        _isLastPiece = !hasMore;
        _pace.Passed(scan.Position - begin);
        parts.Ask(_piece.Live);
        _stage = CompactionStage.Asking;
        return true;
    }

    private bool TryWrite()
    {
        if (!_piece.Live.IsDone)
        {
            return false;
        }

        _piece.Write(_cold, _moves.Deliveries, _moves.Retained);
        _stage = CompactionStage.Reading;
        if (_isLastPiece)
        {
            if (_scan is { Damages: > 0 } scan)
            {
                Volatile.Write(ref _damages, _damages + scan.Damages);
                parts.Logger.SegmentDamaged(_source, scan.DamageOffset);
            }

            _cold.Settle();
            _stage = CompactionStage.Appending;
        }

        return true;
    }

    private bool TryAppend()
    {
        if (!_moves.TryAppend(_source, _cold.Segment))
        {
            return false;
        }

        _stage = CompactionStage.Committing;
        return true;
    }

    private bool TryEnd()
    {
        if (parts.Committer.AppliedLsn < _moves.FrameLsn)
        {
            return false;
        }

        Volatile.Write(ref _compacted, _compacted + 1);
        Volatile.Write(ref _moved, _moved + _moves.Deliveries.Count + _moves.Retained.Count);

        // Either it is empty now, or it cannot be emptied, for what damage ever: it is left alone until the next start.
        _excluded.Add(_source);
        End();

        // The next one may follow at once.
        _lastCheckpoint = -1;
        return true;
    }

    private long Open(string name, bool isCold)
    {
        _file = parts.Directory.Open(name, LogFileMode.Read);
        _scan = new SegmentScan(_file, _source, isCold ? null : parts.Manifest.Current.StorePrefix);
        return _file.Length;
    }

    // A source that cannot be read is damage of what is stored, not the end of storing: whoever needs a message in it will be told.
    private bool TryUse<T>(Func<T> read, out T result)
        where T : struct
    {
        try
        {
            result = read();
            return true;
        }
        catch (IOException cause) when (cause is not LogFullException)
        {
            result = default;
            Volatile.Write(ref _damages, _damages + 1);
            parts.Logger.SegmentUnreadable(cause, _source);
            _excluded.Add(_source);
        }

        _cold.GiveUp();
        End();
        return false;
    }

    private void End()
    {
        _pinned?.Unpin();
        _pinned = null;
        _file?.Dispose();
        _file = null;
        _scan = null;
        _source = 0;
        _stage = CompactionStage.Idle;
    }
}
