using Starling.CommitLog.Frames;
using Starling.CommitLog.Recovery;
using Starling.CommitLog.Segments;

namespace Starling.CommitLog;

/// <summary>
/// A log of records on a disk. Any thread appends; records gather in a frame, and one thread, the committer, writes and syncs a frame
/// while the next one fills. Another, the worker, prepares files ahead of need. This class starts no threads.
/// </summary>
public sealed class SegmentedLog : IDisposable
{
    private readonly ILogDirectory _directory;
    private readonly ulong _storePrefix;
    private readonly FrameQueue _frames;
    private readonly SegmentTable _table = new();
    private readonly SegmentStock _stock;
    private readonly SegmentWriter _writer;
    private IOException? _failure;
    private ulong _durableLsn;
    private bool _isRecovered;

    private SegmentedLog(ILogDirectory directory, CommitLogOptions options, ulong storePrefix)
    {
        _directory = directory;
        _storePrefix = storePrefix;
        _frames = new FrameQueue(options.FrameBytes);
        _stock = new SegmentStock(directory, options);
        _writer = new SegmentWriter(_stock, _table, options.Sync);
    }

    /// <summary>The LSN of the last committed frame. Any thread may ask.</summary>
    public ulong DurableLsn => Volatile.Read(ref _durableLsn);

    /// <summary>Whether a commit would find something. Any thread may ask.</summary>
    public bool HasUncommitted => _frames.HasFrames;

    /// <summary>
    /// Whether the disk has no room for another segment than those of the reserve. Ends when <see cref="Prepare"/> or <see cref="Free"/>
    /// has found room again. Any thread may ask.
    /// </summary>
    public bool IsDiskFull => _stock.IsFull;

    /// <summary>What has ended this log for good, or null. Any thread may ask.</summary>
    public IOException? Failure => Volatile.Read(ref _failure);

    /// <summary>The segments that hold frames, in the order of their identifiers, the one being written last. Any thread may ask.</summary>
    public IReadOnlyList<LogSegment> Segments => _table.Snapshot();

    /// <summary>Opens a log, or begins one, in a directory that the caller has locked. Reads no frames; <see cref="Recover(ulong, IFrameVisitor)"/> must follow.</summary>
    /// <exception cref="ArgumentException">An option is out of its bounds.</exception>
    public static SegmentedLog Open(ILogDirectory directory, CommitLogOptions options, LogStart start)
    {
        options.Validate();
        SegmentedLog log = new(directory, options, start.StorePrefix);
        ulong lastId = start.NextSegmentId == 0 ? 0 : start.NextSegmentId - 1;
        foreach (string file in directory.List(SegmentNames.LogFolder))
        {
            lastId = SegmentNames.TryParse(file, out ulong id) ? Math.Max(lastId, id) : lastId;
        }

        log._stock.Open(lastId);
        return log;
    }

    /// <summary>
    /// Replays, in order, the frames after an LSN, makes them durable, and removes what an unfinished commit left at the end. Once,
    /// before anything is appended.
    /// </summary>
    /// <param name="afterLsn">Frames up to this one are not replayed, and their segments may have been freed.</param>
    /// <param name="visitor">Gets the frames.</param>
    /// <exception cref="LogCorruptException">There is damage that no crash leaves. Nothing has been changed.</exception>
    public LogRecovery Recover(ulong afterLsn, IFrameVisitor visitor) => Recover(afterLsn, visitor, static _ => { });

    /// <summary>The same, with a look at what was found before anything is changed.</summary>
    /// <param name="afterLsn">Frames up to this one are not replayed, and their segments may have been freed.</param>
    /// <param name="visitor">Gets the frames.</param>
    /// <param name="check">
    /// Gets the segments without a whole frame, whose files are taken for others when it returns. It throws when that must not be.
    /// </param>
    /// <exception cref="LogCorruptException">There is damage that no crash leaves. Nothing has been changed.</exception>
    public LogRecovery Recover(ulong afterLsn, IFrameVisitor visitor, Action<IReadOnlyCollection<ulong>> check)
    {
        LogReplay replay = new(_directory, _storePrefix, afterLsn);
        LogRecovery recovery = replay.Read(visitor);
        check([.. replay.Unused.Select(segment => segment.Id)]);
        replay.ClearTorn();
        foreach (ReplayedSegment unused in replay.Unused)
        {
            _stock.Recycle(unused.Name);
        }

        foreach (LogSegment segment in replay.Segments)
        {
            _table.AddSealed(segment);
        }

        _frames.Start(recovery.LastLsn + 1);
        Volatile.Write(ref _durableLsn, recovery.LastLsn);
        _isRecovered = true;
        _ = Prepare();
        return recovery;
    }

    /// <summary>
    /// Reserves room for records in the open frame. Any thread may call; nothing is allocated, unless the records are larger than a
    /// quarter of a frame and get one of their own.
    /// </summary>
    /// <param name="paddedBytes">The records with their padding: a positive multiple of 8.</param>
    /// <param name="records">The number of records.</param>
    /// <param name="mayUseReserve">Whether they may go into the reserve of a full disk.</param>
    /// <param name="reservation">The room, to be filled and completed at once.</param>
    /// <returns>False when the open frame has no room until the next commit, when the disk is full, or when the log has failed.</returns>
    public bool TryReserve(int paddedBytes, int records, bool mayUseReserve, out LogReservation reservation)
    {
        if (paddedBytes < RecordFormat.HeaderBytes || paddedBytes % 8 != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(paddedBytes), paddedBytes, "records are padded to a multiple of 8");
        }

        if (!_isRecovered || (_stock.IsFull && !mayUseReserve))
        {
            reservation = default;
            return false;
        }

        return _frames.TryReserve(paddedBytes, records, out reservation);
    }

    /// <summary>Writes and syncs the next frame. Of the committer alone.</summary>
    /// <param name="utcMilliseconds">The time of the commit: milliseconds since 1970 in UTC.</param>
    /// <param name="frame">The frame, whose records are valid until the next call.</param>
    /// <returns>
    /// False when there was nothing to commit; or when the disk is full to the last byte, so that <see cref="HasUncommitted"/> stays
    /// true and the same frame is tried again by the next call, which should wait for space.
    /// </returns>
    /// <exception cref="LogFailedException">A write or a sync has failed, now or earlier. Nothing is ever committed again.</exception>
    public bool TryCommit(long utcMilliseconds, out LogFrame frame)
    {
        ThrowIfFailed();
        frame = default;
        if (_frames.Take() is not { } buffer)
        {
            return false;
        }

        try
        {
            _writer.MakeRoom(buffer.LengthBytes);
            FrameHeader header = new(
                buffer.LengthBytes, buffer.RecordCount, buffer.Lsn, _writer.SegmentId, _storePrefix, utcMilliseconds);
            ReadOnlySpan<byte> bytes = buffer.Bytes.AsSpan(0, buffer.LengthBytes);
            header.Write(buffer.Bytes);
            long offset = _writer.Offset;
            _writer.Write(bytes, buffer.Lsn);
            _frames.Release();
            Volatile.Write(ref _durableLsn, buffer.Lsn);
            frame = new LogFrame(header, offset, bytes[FrameHeader.Bytes..]);
            return true;
        }
        catch (LogFullException)
        {
            _stock.NoteFull();
            return false;
        }
        catch (IOException cause)
        {
            throw Fail(cause);
        }
    }

    /// <summary>
    /// Does one step of preparing files ahead of need, and looks for space when the disk is full. Of the worker: after each commit, and
    /// from time to time while <see cref="IsDiskFull"/>.
    /// </summary>
    /// <returns>Whether it did something, so that there may be more to do.</returns>
    /// <exception cref="LogFailedException">A file could not be prepared, or the log has failed earlier.</exception>
    public bool Prepare()
    {
        ThrowIfFailed();
        try
        {
            return _stock.Prepare();
        }
        catch (IOException cause)
        {
            throw Fail(cause);
        }
    }

    /// <summary>Gives back the file of a sealed segment whose frames nobody needs. Of one thread at a time.</summary>
    /// <exception cref="ArgumentException">There is no such sealed segment.</exception>
    /// <exception cref="LogFailedException">The file could not be moved, or the log has failed earlier.</exception>
    public void Free(ulong segmentId)
    {
        ThrowIfFailed();
        LogSegment segment = _table.Remove(segmentId) ?? throw new ArgumentException("there is no such sealed segment", nameof(segmentId));
        try
        {
            _stock.Recycle(segment.Name);
        }
        catch (IOException cause)
        {
            throw Fail(cause);
        }
    }

    /// <summary>Opens a segment for reading. The caller makes sure that it is not freed meanwhile. Any thread may call.</summary>
    public ILogFile OpenSegment(ulong segmentId) => _directory.Open(SegmentNames.Log(segmentId), LogFileMode.Read);

    /// <summary>An identifier for a segment that somebody else writes, out of the same numbers. Any thread may call.</summary>
    public ulong NextSegmentId() => _stock.NextId();

    /// <summary>Closes the files. What is not committed is lost.</summary>
    public void Dispose()
    {
        _frames.Stop();
        _writer.Dispose();
        _stock.Dispose();
    }

    private void ThrowIfFailed()
    {
        if (Failure is { } failure)
        {
            throw CreateFailed(failure);
        }
    }

    private LogFailedException Fail(IOException cause)
    {
        IOException first = Interlocked.CompareExchange(ref _failure, cause, null) ?? cause;
        _frames.Stop();
        return CreateFailed(first);
    }

    private static LogFailedException CreateFailed(IOException cause) => new($"the log has failed: {cause.Message}", cause);
}
