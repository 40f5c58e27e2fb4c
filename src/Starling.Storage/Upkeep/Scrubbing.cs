using Starling.CommitLog;
using Starling.Storage.Checkpoints;
using Starling.Storage.Records;

namespace Starling.Storage.Upkeep;

/// <summary>Reads what is stored again, slowly, so that damage is known before somebody needs the message. Of the worker.</summary>
internal sealed class Scrubbing(StoreParts parts, Compaction compaction) : IDisposable
{
    private const int PieceBytes = 256 << 10;
    private static readonly TimeSpan Round = TimeSpan.FromDays(1);

    private readonly Pace _pace = new(parts.Time);
    private readonly Queue<(ulong Segment, string Name, bool IsCold)> _left = new();
    private ulong _segment;
    private string _name = "";
    private ILogFile? _file;
    private SegmentScan? _scan;
    private long _roundBegan;
    private bool _hasBegun;
    private long _bytes;
    private long _damages;

    /// <summary>Bytes since the start. Any thread may ask, as for the next.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    public long Damages => Volatile.Read(ref _damages);

    /// <summary>Reads the next piece, if it is time. False when it is not.</summary>
    public bool Step()
    {
        if (parts.Options.ScrubBytesPerSecond == 0 || !_pace.IsOpen(parts.Options.ScrubBytesPerSecond))
        {
            return false;
        }

        try
        {
            if (_scan is { } scan)
            {
                ReadPiece(scan);
                return true;
            }

            return TryBeginSegment() || TryBeginRound();
        }
        catch (LogFullException)
        {
            // There is no free handle: another time.
            return false;
        }
        catch (IOException cause)
        {
            // To find this is what it is for: storing goes on, and so does reading, with the next one.
            Volatile.Write(ref _damages, _damages + 1);
            parts.Logger.ScrubFailed(cause, _name);
            if (_scan is null)
            {
                _left.TryDequeue(out _);
            }

            End();
            return true;
        }
    }

    /// <summary>The file of this segment is about to be given back.</summary>
    public void Leave(ulong segment)
    {
        if (segment == _segment)
        {
            End();
        }
    }

    public void Dispose() => End();

    private bool TryBeginRound()
    {
        if (_hasBegun && parts.Time.GetElapsedTime(_roundBegan) < Round)
        {
            return false;
        }

        _hasBegun = true;
        _roundBegan = parts.Time.GetTimestamp();
        _name = StoreNames.ColdFolder;
        IReadOnlyList<string> cold = parts.Directory.List(StoreNames.ColdFolder);
        foreach (LogSegment segment in parts.Log.Segments)
        {
            if (segment.IsSealed)
            {
                _left.Enqueue((segment.Id, segment.Name, false));
            }
        }

        foreach (string file in cold)
        {
            if (StoreNames.TryParseSegment(file, out ulong segment))
            {
                _left.Enqueue((segment, StoreNames.Cold(segment), true));
            }
        }

        return _left.Count > 0;
    }

    private bool TryBeginSegment()
    {
        if (!_left.TryPeek(out (ulong Segment, string Name, bool IsCold) next))
        {
            return false;
        }

        // What compaction is at is read by it, or may become shorter again.
        if (parts.Directory.Exists(next.Name) && !compaction.InUse.Contains(next.Segment))
        {
            _segment = next.Segment;
            _name = next.Name;
            _file = parts.Directory.Open(next.Name, LogFileMode.Read);
            _scan = new SegmentScan(_file, next.Segment, next.IsCold ? null : parts.Manifest.Current.StorePrefix);
        }

        _left.Dequeue();
        return true;
    }

    private void ReadPiece(SegmentScan scan)
    {
        long begin = scan.Position;
        bool hasMore = true;
        while (hasMore && scan.Position - begin < PieceBytes)
        {
            hasMore = scan.TryNext(out _);
        }

        long read = scan.Position - begin;
        _pace.Passed(read);
        Volatile.Write(ref _bytes, _bytes + read);
        if (!hasMore)
        {
            if (scan.Damages > 0)
            {
                Volatile.Write(ref _damages, _damages + scan.Damages);
                parts.Logger.DamageFound(_name, scan.DamageOffset, scan.Damages);
            }

            End();
        }
    }

    private void End()
    {
        _file?.Dispose();
        _file = null;
        _scan = null;
        _segment = 0;
    }
}
