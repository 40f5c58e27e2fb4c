using System.Globalization;
using Starling.CommitLog.Segments;

namespace Starling.CommitLog.Recovery;

/// <summary>
/// Reads a log once: hands out its frames in order, tells the torn end of a crash from damage, and makes everything durable that it has
/// handed out. A bad frame ends its segment; the log goes on only in a segment that begins with the following LSN, and any other whole
/// frame behind a bad one means that stable bytes were lost.
/// </summary>
internal sealed class LogReplay(ILogDirectory directory, ulong storePrefix, ulong afterLsn)
{
    private const int ZeroBytes = 1 << 20;

    private readonly FileWindow _window = new();
    private readonly List<ReplayedSegment> _segments = [];
    private ReplayedSegment? _last;
    private ulong _lastLsn;
    private long _frames;
    private long _bytes;
    private long _newestUtc;

    /// <summary>The segments that hold frames.</summary>
    public IEnumerable<LogSegment> Segments =>
        from segment in _segments
        where segment.HasFrames
        select new LogSegment(segment.Id, segment.Name, segment.LastLsn, segment.EndBytes, IsSealed: true);

    /// <summary>Those that hold none.</summary>
    public IEnumerable<ReplayedSegment> Unused => _segments.Where(segment => !segment.HasFrames);

    /// <summary>Reads everything and changes nothing.</summary>
    public LogRecovery Read(IFrameVisitor visitor)
    {
        ReadHeads();
        int first = FindFirst();
        for (int i = 0; i < _segments.Count; i++)
        {
            if (i < first)
            {
                Skip(i);
            }
            else
            {
                Replay(_segments[i], visitor);
            }
        }

        ReplayedSegment? torn = _segments.FindLast(segment => segment.IsTorn);
        return new LogRecovery(Math.Max(_lastLsn, afterLsn), _frames, _bytes, _newestUtc, torn?.Name, torn?.EndBytes ?? 0);
    }

    /// <summary>Removes what an unfinished commit has left.</summary>
    public void ClearTorn()
    {
        foreach (ReplayedSegment segment in _segments.Where(segment => segment.IsTorn))
        {
            Clear(segment);
        }
    }

    // What will be handed out must not vanish with the next power cut, so everything is synced before it is read. And a process before
    // this one may have ended because a sync failed: the frame of that commit stands in the last segment with frames, if anywhere.
    private void ReadHeads()
    {
        bool mayBeLost = true;
        foreach (string file in directory.List(SegmentNames.LogFolder).Reverse())
        {
            if (!SegmentNames.TryParse(file, out ulong id))
            {
                continue;
            }

            ReplayedSegment segment = new(id, SegmentNames.Log(id));
            _segments.Insert(0, segment);
            using ILogFile opened = directory.Open(segment.Name, LogFileMode.ReadWrite);
            opened.Sync();
            if (mayBeLost)
            {
                opened.DropCache();
            }

            _window.Attach(opened);
            if (ReaderOf(segment).TryReadHeader(0, out FrameHeader header))
            {
                segment.FirstLsn = header.Lsn;
                _newestUtc = Math.Max(_newestUtc, header.UtcMilliseconds);
                mayBeLost = false;
            }
        }
    }

    /// <summary>Everything before the last segment that begins at or below what is asked for need not be read.</summary>
    private int FindFirst()
    {
        int first = _segments.FindLastIndex(segment => segment.FirstLsn != 0 && segment.FirstLsn - 1 <= afterLsn);
        return Math.Max(first, 0);
    }

    private void Skip(int index)
    {
        ReplayedSegment segment = _segments[index];
        using ILogFile file = Attach(segment);
        if (segment.FirstLsn == 0)
        {
            if (ReaderOf(segment).FindFrame(0, out _) >= 0)
            {
                throw CreateCorrupt(segment, "a damaged frame before whole ones");
            }

            return;
        }

        // Segments between this one and the next may have been freed, so this is a bound and no more.
        ReplayedSegment next = _segments.Find(other => other.Id > segment.Id && other.FirstLsn != 0) ?? segment;
        segment.HasFrames = true;
        segment.LastLsn = next.FirstLsn - 1;
        segment.EndBytes = file.Length;
    }

    private void Replay(ReplayedSegment segment, IFrameVisitor visitor)
    {
        using ILogFile file = Attach(segment);
        SegmentReader reader = ReaderOf(segment);
        while (reader.TryReadFrame(segment.EndBytes, out LogFrame frame))
        {
            RequireNext(segment, frame.Lsn);
            segment.HasFrames = true;
            segment.EndBytes = frame.RecordsOffset + frame.Records.Length;
            segment.LastLsn = frame.Lsn;
            _last = segment;
            _lastLsn = frame.Lsn;
            _newestUtc = Math.Max(_newestUtc, frame.UtcMilliseconds);
            if (frame.Lsn > afterLsn)
            {
                _frames++;
                _bytes += FrameHeader.Bytes + frame.Records.Length;
                visitor.Visit(frame);
            }
        }

        // A torn commit is the last thing in a log. What was committed after the bad frame shows that it was whole once.
        if (reader.FindFrame(segment.EndBytes, out bool hasTrace) >= 0)
        {
            throw CreateCorrupt(segment, "a damaged frame before whole ones");
        }

        segment.IsTorn = hasTrace;
    }

    private void RequireNext(ReplayedSegment segment, ulong lsn)
    {
        if (_last is { } last && lsn != _lastLsn + 1)
        {
            throw CreateCorrupt(last, string.Create(
                CultureInfo.InvariantCulture, $"frame {_lastLsn + 1} is missing or damaged, although frame {lsn} follows in {segment.Name}"));
        }

        // Segments are freed up to what is asked for, and no further.
        if (_last is null && lsn > afterLsn && lsn - 1 > afterLsn)
        {
            throw CreateCorrupt(segment, string.Create(
                CultureInfo.InvariantCulture, $"the log begins with frame {lsn}, although frame {afterLsn + 1} is still needed"));
        }
    }

    // What is left of an unfinished commit must not come back as a frame beside the one that takes its LSN.
    private void Clear(ReplayedSegment segment)
    {
        using ILogFile file = directory.Open(segment.Name, LogFileMode.ReadWrite);
        long end = file.Length;
        byte[] zeros = new byte[(int)Math.Min(ZeroBytes, end - segment.EndBytes)];
        for (long offset = segment.EndBytes; offset < end; offset += ZeroBytes)
        {
            file.Write(zeros.AsSpan(0, (int)Math.Min(ZeroBytes, end - offset)), offset);
        }

        file.Sync();
    }

    private ILogFile Attach(ReplayedSegment segment)
    {
        ILogFile file = directory.Open(segment.Name, LogFileMode.Read);
        _window.Attach(file);
        return file;
    }

    private SegmentReader ReaderOf(ReplayedSegment segment) => new(_window, segment.Id, storePrefix);

    private static LogCorruptException CreateCorrupt(ReplayedSegment segment, string what) => new(
        segment.Name,
        segment.EndBytes,
        string.Create(CultureInfo.InvariantCulture, $"{segment.Name} is damaged at offset {segment.EndBytes}: {what}"));
}
