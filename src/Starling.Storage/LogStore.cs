using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Starling.Broker.Ports;
using Starling.CommitLog;
using Starling.Storage.Commits;
using Starling.Storage.Opening;
using Starling.Storage.State;
using Starling.Storage.Tools;
using Starling.Storage.Upkeep;

namespace Starling.Storage;

/// <summary>
/// The store of durability <c>fsync</c> and <c>os</c>: a commit log with an index in memory and checkpoints, in one directory that
/// belongs to this object until it is disposed of.
/// </summary>
public sealed class LogStore : IDurableStore, IAsyncDisposable
{
    private const long CheckpointWorthBytes = 16L << 20;

    private readonly OpenedStore _opened;
    private readonly StoreParts _parts;
    private readonly Committer _committer;
    private readonly Reader _reader;
    private readonly Worker _worker;
    private readonly ReadQueue _reads;
    private readonly Wakeup _committerWakeup = new();
    private readonly Wakeup _readerWakeup = new();
    private readonly Wakeup _workerWakeup = new();
    private readonly StoreThreads _threads;
    private readonly TaskCompletionSource<Exception> _faulted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ILogger _logger;
    private int _isDisposed;
    private int _areThreadsStarted;

    private LogStore(LogStoreOptions options, OpenedStore opened, ILogger logger)
    {
        _opened = opened;
        _logger = logger;
        SegmentFiles files = new(options.Directory);
        Appends appends = new(opened.Log, options.Log.SegmentBytes / 2, _committerWakeup);
        _reads = new ReadQueue(_committerWakeup);
        _reader = new Reader(files, _readerWakeup, logger);
        _committer = new Committer(opened.Log, opened.State, appends, options.TimeProvider)
        {
            Reads = _reads,
            Reader = _reader,
            Worker = _workerWakeup,
        };
        _parts = new StoreParts
        {
            Options = options,
            Log = opened.Log,
            Committer = _committer,
            CommitterWakeup = _committerWakeup,
            Appends = appends,
            Files = files,
            Manifest = new StoreManifest(options.Directory, opened.Manifest),
            Recovery = opened.Recovery,
            Logger = logger,
        };
        _worker = new Worker(_parts);
        _threads = new StoreThreads(Fail);
    }

    /// <inheritdoc/>
    public bool IsDurable => true;

    /// <inheritdoc/>
    public StoreCondition Condition =>
        _parts.Appends.IsFailed ? StoreCondition.Failed
        : _parts.Appends.IsHeld ? StoreCondition.Full
        : StoreCondition.Ready;

    /// <inheritdoc/>
    public StoreFigures Figures => new()
    {
        Commits = _committer.Commits,
        WrittenBytes = BytesWritten,
        DiskBytes = _worker.Space.UsedBytes,
        DiskFreeBytes = _worker.Space.FreeBytes,
        LiveReferences = _committer.LiveReferences,
        FullCount = _worker.Space.FullCount,
    };

    /// <summary>What opening it has found.</summary>
    public StoreRecovery Recovery => _opened.Recovery;

    /// <summary>Completes, with the cause, when a write or a sync has failed: nothing more is committed then. Never faults.</summary>
    public Task<Exception> Faulted => _faulted.Task;

    internal StoreState State => _opened.State;

    internal Worker Worker => _worker;

    internal SegmentedLog Log => _opened.Log;

    private long BytesWritten => _committer.WrittenBytes + _worker.Checkpointing.WrittenBytes + _worker.Compaction.WrittenBytes;

    /// <summary>Opens or creates a store, recovers what is in it, and starts its threads.</summary>
    /// <exception cref="StoreException">The directory cannot be used; nothing in it was changed.</exception>
    public static LogStore Open(LogStoreOptions options)
    {
        options.Validate();
        ILogger logger = options.LoggerFactory?.CreateLogger<LogStore>() ?? NullLogger<LogStore>.Instance;
        return new LogStore(options, StoreOpening.Open(options, logger), logger);
    }

    /// <inheritdoc/>
    public void Recover(IRecoverySink sink)
    {
        RecoveryStream stream = new(_opened.State, sink);
        stream.GiveSessions();
        using (SegmentFiles files = new(_parts.Directory))
        {
            int unreadable = stream.GiveRetained(new MessageReader(files));
            if (unreadable > 0)
            {
                _logger.RetainedUnreadable(unreadable);
            }
        }

        sink.End(new RecoveredEnd(
            _opened.Manifest.Generation, _opened.State.Retained.HighestRevision, _opened.Recovery.NewestUtcMilliseconds));
    }

    /// <inheritdoc/>
    public IShardStore Open(int shard, IShardStoreEvents events)
    {
        ShardStore store = new(_parts.Appends, _reads, events);
        _committer.Add(store);
        if (_parts.Options.RunThreads && Interlocked.Exchange(ref _areThreadsStarted, 1) == 0)
        {
            // Not before: recovery reads the index on the thread that asks for it.
            _threads.Start("starling-commit", () => StepCommitter(commitsAll: false), _committerWakeup);
            _threads.Start("starling-read", StepReader, _readerWakeup);
            _threads.Start("starling-store", StepWorker, _workerWakeup);
        }

        return store;
    }

    /// <summary>How the store is. Any thread.</summary>
    public StoreStatistics ReadStatistics()
    {
        IReadOnlyList<LogSegment> segments = _opened.Log.Segments;
        return new StoreStatistics
        {
            Commits = _committer.Commits,
            LogBytesWritten = _committer.WrittenBytes,
            BytesWritten = BytesWritten,
            LiveReferences = _committer.LiveReferences,
            LogSegments = segments.Count,
            ColdSegments = _worker.Space.ColdSegments,
            DiskBytes = _worker.Space.UsedBytes,
            DiskFreeBytes = _worker.Space.FreeBytes,
            FullCount = _worker.Space.FullCount,
            Checkpoints = _worker.Checkpointing.Count,
            CheckpointLsn = _parts.Manifest.Current.NewestCheckpoint,
            CheckpointBytes = _worker.Checkpointing.LastBytes,
            FreedSegments = _worker.Freeing.Freed,
            CompactedSegments = _worker.Compaction.Compacted,
            MovedReferences = _worker.Compaction.Moved,
            ScrubbedBytes = _worker.Scrubbing.Bytes,
            DamagedRecords = _worker.Scrubbing.Damages + _worker.Compaction.Damages,
            UnreadableMessages = _reader.Unreadable,
        };
    }

    /// <summary>
    /// Writes all that is committed now into a directory that is empty or not there, while the store goes on. Files that do not change any
    /// more are shared with it where the target is on the same disk.
    /// </summary>
    /// <param name="targetDirectory">The directory.</param>
    /// <param name="progress">Is told how far it is; null: nobody.</param>
    /// <param name="cancellationToken">Gives it up; what was written is removed again, as for every other failure.</param>
    /// <exception cref="StoreException">The target cannot be used, the store has failed, or another backup is under way.</exception>
    public async Task BackupAsync(string targetDirectory, IProgress<StoreProgress>? progress, CancellationToken cancellationToken)
    {
        ToolDirectory.RequireEmpty(targetDirectory);
        bool wasThere = Directory.Exists(targetDirectory);
        Task<BackupPlan> asked = _worker.Backup.TryAsk()
            ?? throw new StoreException(StoreFailure.Locked, "another backup is under way");
        try
        {
            _workerWakeup.Set();
            if (_parts.Appends.IsFailed)
            {
                throw new StoreException(StoreFailure.Unreadable, $"the store in {_parts.Directory.Path} has failed");
            }

            BackupPlan plan = await asked.WaitAsync(cancellationToken).ConfigureAwait(false);
            await Task.Run(
                () => BackupCopy.Run(_parts.Directory, targetDirectory, plan, progress, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is StoreException or OperationCanceledException)
        {
            ToolDirectory.TakeBack(targetDirectory, wasThere);
            throw;
        }
        finally
        {
            _worker.Backup.Release();
        }
    }

    /// <summary>Commits what was appended, takes a checkpoint where a restart would otherwise replay much, and gives the directory back.</summary>
    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            _threads.Stop();
            _worker.Backup.Fail(new StoreException(StoreFailure.Unreadable, "the store was closed"));
            if (!_parts.Appends.IsFailed)
            {
                try
                {
                    Finish();
                }
                catch (IOException cause)
                {
                    Fail(cause);
                }
            }

            _worker.Dispose();
            _opened.Log.Dispose();
            _parts.Files.Dispose();
            _opened.Lock.Dispose();
            _committerWakeup.Dispose();
            _readerWakeup.Dispose();
            _workerWakeup.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>One step of the committer; for tests.</summary>
    internal bool StepCommitter(bool commitsAll) => _committer.Step(commitsAll);

    internal bool StepReader() => _reader.Step();

    internal bool StepWorker() => _worker.Step();

    /// <summary>Steps everything until there is nothing to do.</summary>
    internal void StepAll()
    {
        bool didSomething = true;
        while (didSomething)
        {
            didSomething = StepCommitter(commitsAll: true) | StepReader() | StepWorker();
        }
    }

    private void Finish()
    {
        while (StepCommitter(commitsAll: true) | StepReader())
        {
        }

        if (_worker.Checkpointing.LogBytesSince >= CheckpointWorthBytes)
        {
            _worker.Checkpointing.Want();
        }

        while ((_worker.Checkpointing.Step() | StepCommitter(commitsAll: true)) || _worker.Checkpointing.IsBusy)
        {
        }
    }

    private void Fail(Exception cause)
    {
        _parts.Appends.SetFailed();
        if (_faulted.TrySetResult(cause))
        {
            _logger.StoreFailed(cause, _parts.Directory.Path);
            _worker.Backup.Fail(new StoreException(StoreFailure.Unreadable, $"the store in {_parts.Directory.Path} has failed: {cause.Message}", cause));
            foreach (ShardStore shard in _committer.Shards)
            {
                shard.Events.Failed();
            }
        }
    }
}
