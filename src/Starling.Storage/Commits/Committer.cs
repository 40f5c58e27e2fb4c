using System.Collections.Concurrent;
using Starling.CommitLog;
using Starling.Storage.Records;
using Starling.Storage.State;

namespace Starling.Storage.Commits;

/// <summary>
/// Commits what the shards append, keeps the index, and answers what others want to know of it. A step machine: a thread only calls
/// <see cref="Step"/>.
/// </summary>
internal sealed class Committer(SegmentedLog log, StoreState state, Appends appends, TimeProvider time)
{
    private const int ReadsOfStepMax = 64;
    private const long WorkerBytes = 1 << 20;
    private static readonly TimeSpan LazyFor = TimeSpan.FromSeconds(1);

    private readonly ConcurrentQueue<CommitterWork> _work = new();
    private volatile ShardStore[] _shards = [];
    private long _lastCommit = time.GetTimestamp();
    private long _commits;
    private long _writtenBytes;
    private long _liveReferences = state.Segments.LiveReferences;
    private ulong _appliedLsn = state.Lsn;
    private ulong _segment;
    private long _workerToldAtBytes;

    public required ReadQueue Reads { get; init; }

    public required Reader Reader { get; init; }

    public required Wakeup Worker { get; init; }

    /// <summary>Frames committed since the start. Any thread may ask, as for the next two.</summary>
    public long Commits => Volatile.Read(ref _commits);

    public long WrittenBytes => Volatile.Read(ref _writtenBytes);

    public long LiveReferences => Volatile.Read(ref _liveReferences);

    /// <summary>The LSN of the last frame that is in the index.</summary>
    public ulong AppliedLsn => Volatile.Read(ref _appliedLsn);

    /// <summary>Whether records of a shard wait for room.</summary>
    public bool HasWaiting => _shards.Any(shard => shard.HasWaiting);

    public ShardStore[] Shards => _shards;

    public void Add(ShardStore shard)
    {
        ShardStore[] before;
        do
        {
            before = _shards;
        }
#pragma warning disable CS0420 // a reference to the volatile field is what the exchange needs
        while (Interlocked.CompareExchange(ref _shards, [.. before, shard], before) != before);
#pragma warning restore CS0420
    }

    /// <summary>Any thread.</summary>
    public void Ask(CommitterWork work, Wakeup committer)
    {
        _work.Enqueue(work);
        committer.Set();
    }

    /// <summary>Commits, then looks after readers and worker.</summary>
    /// <param name="commitsAll">Whether to commit also what nobody waits for.</param>
    /// <returns>Whether there was something to do.</returns>
    /// <exception cref="LogFailedException">Nothing is ever committed again.</exception>
    public bool Step(bool commitsAll)
    {
        bool isLate = time.GetElapsedTime(_lastCommit) >= LazyFor;
        bool didSomething = (commitsAll || isLate || appends.IsCommitWanted) && TryCommit();
        for (int i = 0; i < ReadsOfStepMax && Reads.TryTake(out ReadRequest? request) && request is not null; i++)
        {
            request.Locate(state);
            Reader.Read(request);
            didSomething = true;
        }

        if (_work.TryDequeue(out CommitterWork? work))
        {
            work.Run(state);
            Worker.Set();
            didSomething = true;
        }

        return didSomething;
    }

    /// <summary>The disk has room again, or publishers go on for another reason: everyone who waits for room is told.</summary>
    public void SignalRoom()
    {
        foreach (ShardStore shard in _shards)
        {
            shard.TryMoveWaiting();
            shard.Events.Committed();
        }
    }

    private bool TryCommit()
    {
        appends.BeginCommit();
        bool isCommitted = log.TryCommit(time.GetUtcNow().ToUnixTimeMilliseconds(), out LogFrame frame);
        _lastCommit = time.GetTimestamp();
        if (isCommitted && !appends.IsFailed)
        {
            Apply(frame);
            Publish(frame.Lsn);
            TellWorker(frame.SegmentId);
            if (log.HasUncommitted)
            {
                // Large records have frames of their own, which were taken together with this one.
                appends.Want();
            }
        }

        foreach (ShardStore shard in _shards)
        {
            if (shard.HasWaiting && shard.TryMoveWaiting())
            {
                shard.Events.Committed();
            }
        }

        return isCommitted;
    }

    private void Apply(in LogFrame frame)
    {
        ReadOnlySpan<byte> rest = frame.Records;
        long offset = frame.RecordsOffset;
        while (!rest.IsEmpty)
        {
            int length = RecordFormat.LengthOf(rest);
            if (!RecordDecoder.TryDecode(rest[..length], out RecordView record))
            {
                throw new InvalidDataException($"the record at offset {offset} of segment {frame.SegmentId} cannot be read back");
            }

            state.Apply(record, frame.Lsn, new Location(frame.SegmentId, offset));
            int padded = RecordFormat.Padded(length);
            offset += padded;
            rest = rest[padded..];
        }

        state.Lsn = frame.Lsn;
        state.SawTime(frame.UtcMilliseconds);
        Volatile.Write(ref _commits, _commits + 1);
        Volatile.Write(ref _writtenBytes, _writtenBytes + FrameHeader.Bytes + frame.Records.Length);
        Volatile.Write(ref _liveReferences, state.Segments.LiveReferences);
        Volatile.Write(ref _appliedLsn, frame.Lsn);
    }

    private void Publish(ulong frameLsn)
    {
        foreach (ShardStore shard in _shards)
        {
            if (shard.SetCommitted(frameLsn))
            {
                shard.Events.Committed();
            }
        }
    }

    // It prepares the next segment when one was begun, and takes a checkpoint when it is time; it need not know of each commit.
    private void TellWorker(ulong segment)
    {
        if (segment != _segment || _writtenBytes - _workerToldAtBytes >= WorkerBytes)
        {
            _segment = segment;
            _workerToldAtBytes = _writtenBytes;
            Worker.Set();
        }
    }
}
