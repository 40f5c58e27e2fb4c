using Starling.Client.Core;
using Starling.CommitLog;

namespace Starling.Client.Outboxes;

/// <summary>
/// The outbox on a disk, without threads: changes are appended, committed, and applied to what is known to be live; segments whose
/// messages are all done are freed from the oldest on, and old messages that hold many back are written anew. One thread at a time.
/// </summary>
internal sealed class OutboxFile : IDisposable
{
    private const long SegmentBytesMin = 64 << 10;
    private const long SegmentBytesMax = 16 << 20;
    private const int FrameBytesMax = 1 << 20;

    private readonly ILogDirectory _directory;
    private readonly ILogLock _lock;
    private readonly SegmentedLog _log;
    private readonly TimeProvider _time;
    private readonly SortedDictionary<ulong, PublishCall> _live;
    private readonly Dictionary<ulong, int> _uses = [];
    private readonly Queue<(OutboxChange Change, ulong Lsn)> _appended = new();
    private readonly long _segmentBytes;
    private readonly Action<OutboxChange> _committed;
    private OutboxManifest _manifest;
    private ulong _lastTicket;
    private ulong _lastReleasePlace;
    private long _liveBytes;

    private OutboxFile(
        OutboxStoreParts parts, ILogLock held, (SegmentedLog Log, OutboxManifest Manifest, long SegmentBytes) log, OutboxReplay replay, Action<OutboxChange> committed)
    {
        _directory = parts.Directory;
        _time = parts.Time;
        _lock = held;
        (_log, _manifest, _segmentBytes) = log;
        _committed = committed;
        _live = replay.Live;
        _lastTicket = Math.Max(replay.LastTicket, _manifest.NextTicket - 1);
        _lastReleasePlace = replay.LastReleasePlace;
        foreach (PublishCall call in _live.Values)
        {
            Use(call, call.Segment);
            _liveBytes += call.ContentBytes;
        }
    }

    /// <summary>What is in it, by ticket.</summary>
    public IReadOnlyCollection<PublishCall> Live => _live.Values;

    /// <summary>Whether the disk has no room, so that nothing new is taken.</summary>
    public bool IsDiskFull => _log.IsDiskFull;

    /// <summary>What was appended and is not committed, in order.</summary>
    public IEnumerable<OutboxChange> Uncommitted => _appended.Select(static appended => appended.Change);

    /// <summary>Whether appended changes wait for a commit.</summary>
    public bool HasUncommitted => _log.HasUncommitted;

    /// <summary>Opens the outbox of a client, or begins one.</summary>
    /// <param name="parts">Where it is, and whose.</param>
    /// <param name="replay">Gets what an earlier process has left.</param>
    /// <param name="committed">Told of each change when it is on the disk.</param>
    /// <exception cref="IOException">It is in use, damaged, of another client, or cannot be read.</exception>
    public static OutboxFile Open(OutboxStoreParts parts, OutboxReplay replay, Action<OutboxChange> committed)
    {
        ILogDirectory directory = parts.Directory;
        directory.CreateFolder("");
        ILogLock held = directory.Lock();
        SegmentedLog? log = null;
        try
        {
            OutboxManifest manifest = OutboxManifest.Read(directory) ?? Begin(directory, parts.ClientId);
            if (manifest.ClientId != parts.ClientId)
            {
                throw new IOException($"it belongs to the client '{manifest.ClientId}', not to '{parts.ClientId}'");
            }

            CommitLogOptions options = Sizes(parts.MaxBytes);
            log = SegmentedLog.Open(directory, options, new LogStart(manifest.Prefix, manifest.NextSegment));
            log.Recover(manifest.FloorLsn, replay);
            manifest = manifest with { NextSegment = log.NextSegmentId() };
            manifest.Write(directory);
            return new OutboxFile(parts, held, (log, manifest, options.SegmentBytes), replay, committed);
        }
        catch
        {
            log?.Dispose();
            held.Dispose();
            throw;
        }
    }

    /// <summary>Appends a change, which gives a new message its ticket.</summary>
    /// <returns>False when there is no room before the next commit, or none on the disk.</returns>
    public bool TryAppend(in OutboxChange change)
    {
        PublishCall call = change.Call;
        bool isNew = change.Kind == OutboxChangeKind.Stored;
        if (!_log.TryReserve(OutboxRecords.GetByteCount(change), 1, mayUseReserve: !isNew, out LogReservation reservation))
        {
            return false;
        }

        if (isNew)
        {
            call.Name(++_lastTicket);
        }

        if (change.Kind == OutboxChangeKind.Received)
        {
            call.ReleasePlace = ++_lastReleasePlace;
            call.Received = call.PubRecReason;
        }

        OutboxRecords.Write(change, reservation.Span);
        _appended.Enqueue((change, reservation.FrameLsn));
        reservation.Complete();
        return true;
    }

    /// <summary>Writes and syncs all that was appended.</summary>
    /// <returns>False when the disk is full to the last byte: what is left is tried again by the next call.</returns>
    /// <exception cref="LogFailedException">Nothing is ever committed again.</exception>
    public bool Commit()
    {
        while (_log.HasUncommitted)
        {
            if (!_log.TryCommit(_time.GetUtcNow().ToUnixTimeMilliseconds(), out LogFrame frame))
            {
                return false;
            }

            while (_appended.TryPeek(out (OutboxChange Change, ulong Lsn) next) && next.Lsn <= frame.Lsn)
            {
                _appended.Dequeue();
                Apply(next.Change, frame.SegmentId);
                _committed(next.Change);
            }
        }

        return true;
    }

    /// <summary>Prepares files ahead of need, and gives back the space of what is done. After a commit of everything.</summary>
    /// <exception cref="IOException">A file could not be written.</exception>
    public void Upkeep()
    {
        while (_log.Prepare())
        {
        }

        FreeOldest();
        while (IsWasteful && TryMoveOldest())
        {
            FreeOldest();
        }
    }

    /// <summary>Closes the files, and lets another process in. What is not committed is lost.</summary>
    public void Dispose()
    {
        _log.Dispose();
        _lock.Dispose();
    }

    private static OutboxManifest Begin(ILogDirectory directory, string clientId)
    {
        if (LogScanner.List(directory).Count > 0)
        {
            throw new LogCorruptException("outbox", 0, "the file outbox is missing, although there are segments in log");
        }

        OutboxManifest manifest = OutboxManifest.Create(clientId);
        manifest.Write(directory);
        return manifest;
    }

    private static CommitLogOptions Sizes(long maxBytes)
    {
        long segment = Math.Clamp(maxBytes / 4, SegmentBytesMin, SegmentBytesMax) & ~4095L;
        return new CommitLogOptions
        {
            SegmentBytes = segment,
            FrameBytes = (int)Math.Min(FrameBytesMax, segment),
            RecycledSegmentsMax = 2,
            ReserveSegments = 1,
        };
    }

    // Sealed segments and what is live in them; one that never ends must not keep all that came after it.
    private bool IsWasteful
    {
        get
        {
            long used = 0;
            foreach (LogSegment segment in _log.Segments)
            {
                used += segment.IsSealed ? segment.Bytes : 0;
            }

            return used > (2 * _liveBytes) + (4 * _segmentBytes);
        }
    }

    private void Apply(in OutboxChange change, ulong segment)
    {
        PublishCall call = change.Call;
        if (change.Kind is OutboxChangeKind.Stored or OutboxChangeKind.Moved)
        {
            if (_live.TryAdd(call.Id, call))
            {
                _liveBytes += call.ContentBytes;
            }
            else
            {
                Unuse(call);
            }

            Use(call, segment);
        }
        else if (change.Kind == OutboxChangeKind.Done && _live.Remove(call.Id))
        {
            _liveBytes -= call.ContentBytes;
            Unuse(call);
        }
    }

    private void Use(PublishCall call, ulong segment)
    {
        call.Segment = segment;
        _uses[segment] = _uses.GetValueOrDefault(segment) + 1;
    }

    private void Unuse(PublishCall call)
    {
        if (--_uses[call.Segment] == 0)
        {
            _uses.Remove(call.Segment);
        }
    }

    // From the oldest on and no further: replay wants a log without holes.
    private void FreeOldest()
    {
        List<LogSegment> free = [.. _log.Segments.TakeWhile(segment => segment.IsSealed && !_uses.ContainsKey(segment.Id))];
        if (free.Count == 0)
        {
            return;
        }

        OutboxManifest manifest = _manifest with { FloorLsn = free[^1].NewestLsn, NextTicket = _lastTicket + 1, NextSegment = _log.NextSegmentId() };
        manifest.Write(_directory);
        _manifest = manifest;
        foreach (LogSegment segment in free)
        {
            _log.Free(segment.Id);
        }
    }

    private bool TryMoveOldest()
    {
        ulong oldest = _log.Segments[0].Id;
        foreach (PublishCall call in _live.Values.Where(call => call.Segment == oldest).ToArray())
        {
            OutboxChange change = new(OutboxChangeKind.Moved, call);
            if (!TryAppend(change) && (!Commit() || !TryAppend(change)))
            {
                return false;
            }
        }

        return Commit();
    }
}
