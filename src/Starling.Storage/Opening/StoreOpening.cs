using Microsoft.Extensions.Logging;
using Starling.CommitLog;
using Starling.Storage.Checkpoints;
using Starling.Storage.State;
using Starling.Storage.Tools;

namespace Starling.Storage.Opening;

/// <summary>Opens a directory for writing. What cannot be used is refused before anything in it is changed.</summary>
internal static class StoreOpening
{
    public static OpenedStore Open(LogStoreOptions options, ILogger logger)
    {
        ILogDirectory directory = options.Directory;
        return Guard(directory, () =>
        {
            directory.CreateFolder("");
            ILogLock held = directory.Lock();
            try
            {
                return Open(options, held, logger);
            }
            catch (Exception fault) when (fault is IOException or StoreException)
            {
                held.Dispose();
                throw;
            }
        });
    }

    /// <summary>Says what went wrong with a directory in the words of a store.</summary>
    public static T Guard<T>(ILogDirectory directory, Func<T> open)
    {
        try
        {
            return open();
        }
        catch (LogLockedException cause)
        {
            throw new StoreException(StoreFailure.Locked, cause.Message, cause);
        }
        catch (LogCorruptException cause)
        {
            throw new StoreException(StoreFailure.Corrupt, $"{directory.Path}: {cause.Message}; try starling store repair", cause);
        }
        catch (LogFormatException cause)
        {
            throw new StoreException(StoreFailure.NewerFormat, cause.Message, cause);
        }
        catch (LogFullException cause)
        {
            throw new StoreException(StoreFailure.Full, cause.Message, cause);
        }
        catch (IOException cause)
        {
            throw new StoreException(StoreFailure.Unreadable, $"{directory.Path} cannot be used: {cause.Message}", cause);
        }
        catch (ArgumentException cause)
        {
            throw new StoreException(StoreFailure.Usage, cause.Message, cause);
        }
    }

    private static OpenedStore Open(LogStoreOptions options, ILogLock held, ILogger logger)
    {
        long started = options.TimeProvider.GetTimestamp();
        ILogDirectory directory = options.Directory;
        Manifest manifest = Manifest.Read(directory) ?? Create(directory);
        StateLoading loading = StateLoading.Begin(directory, manifest);
        CommitLogOptions logOptions = options.Log with { Sync = options.IsSynced ? LogSync.Disk : LogSync.None };
        ulong nextSegment = Math.Max(manifest.NextSegmentId, NextAfterCold(directory));
        SegmentedLog log = SegmentedLog.Open(directory, logOptions, new LogStart(manifest.StorePrefix, nextSegment));
        try
        {
            LogRecovery recovered = log.Recover(loading.CheckpointLsn, loading, unused =>
            {
                loading.End(options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds());
                CheckSegments(directory, loading.State, unused);
            });
            loading.State.Lsn = recovered.LastLsn;
            Manifest next = manifest with { Generation = manifest.Generation + 1, NextSegmentId = log.NextSegmentId() };
            if (loading.Damage is not null)
            {
                // The damaged one must neither be loaded again nor let go of what the whole one needs.
                next = next with { NewestCheckpoint = loading.CheckpointLsn, OlderCheckpoint = 0 };
            }

            next.Write(directory);
            ColdTails.Cut(directory, loading.State);
            RemoveOrphans(directory, next, loading.State);
            StoreRecovery recovery = Report(loading, recovered, next) with
            {
                Duration = options.TimeProvider.GetElapsedTime(started),
                CheckpointBytes = loading.CheckpointLsn == 0 ? 0 : ToolDirectory.LengthOf(directory, StoreNames.Checkpoint(loading.CheckpointLsn)),
            };
            Tell(logger, directory, recovery);
            return new OpenedStore
            {
                Directory = directory,
                Lock = held,
                Manifest = next,
                Log = log,
                State = loading.State,
                Recovery = recovery,
            };
        }
        catch (Exception fault) when (fault is IOException or StoreException)
        {
            log.Dispose();
            throw;
        }
    }

    private static Manifest Create(ILogDirectory directory)
    {
        foreach (string folder in new[] { StoreNames.LogFolder, StoreNames.ColdFolder, StoreNames.CheckpointFolder })
        {
            if (directory.List(folder).Count > 0)
            {
                throw new StoreException(
                    StoreFailure.Corrupt, $"{directory.Path}/{StoreNames.Manifest} is missing, and there is a {folder} folder; try starling store repair");
            }
        }

        byte[] id = new byte[16];
#pragma warning disable RS0030, CA5394 // It only differs from other stores, and must not cost a start the loading of a cryptographic library.
        new Random().NextBytes(id);
#pragma warning restore RS0030, CA5394
        Manifest manifest = new() { StoreId = id, NextSegmentId = 1 };
        manifest.Write(directory);
        return manifest;
    }

    private static ulong NextAfterCold(ILogDirectory directory)
    {
        ulong next = 1;
        foreach (string file in directory.List(StoreNames.ColdFolder))
        {
            next = StoreNames.TryParseSegment(file, out ulong segment) ? Math.Max(next, segment + 1) : next;
        }

        return next;
    }

    private static void CheckSegments(ILogDirectory directory, StoreState state, IReadOnlyCollection<ulong> unused)
    {
        foreach (SegmentUse use in state.Segments.All)
        {
            string name = use.IsCold ? StoreNames.Cold(use.Id) : StoreNames.Log(use.Id);
            if (use is { LiveReferences: > 0, IsCold: false } && unused.Contains(use.Id))
            {
                throw new StoreException(
                    StoreFailure.Corrupt,
                    $"{directory.Path}/{name} is damaged at offset 0, with {use.LiveReferences} messages in it; try starling store repair");
            }

            if (use.LiveReferences > 0 && !directory.Exists(name))
            {
                throw new StoreException(
                    StoreFailure.Corrupt,
                    $"{directory.Path}/{name} is missing, with {use.LiveReferences} messages in it; try starling store repair");
            }
        }
    }

    // What a crash has left behind: files that were being written, and those that nothing refers to any more.
    private static void RemoveOrphans(ILogDirectory directory, Manifest manifest, StoreState state)
    {
        foreach (string folder in new[] { StoreNames.ColdFolder, StoreNames.CheckpointFolder })
        {
            directory.CreateFolder(folder);
        }

        foreach (string file in directory.List(StoreNames.CheckpointFolder))
        {
            if (!StoreNames.TryParseCheckpoint(file, out ulong lsn) || (lsn != manifest.NewestCheckpoint && lsn != manifest.OlderCheckpoint))
            {
                directory.Delete($"{StoreNames.CheckpointFolder}/{file}");
            }
        }

        foreach (string file in directory.List(StoreNames.ColdFolder))
        {
            if (!StoreNames.TryParseSegment(file, out ulong segment) || state.Segments.Find(segment) is null)
            {
                directory.Delete($"{StoreNames.ColdFolder}/{file}");
            }
        }

        directory.SyncFolder("");
    }

    private static StoreRecovery Report(StateLoading loading, LogRecovery recovered, Manifest manifest) => new()
    {
        Generation = manifest.Generation,
        Sessions = loading.State.Sessions.Count,
        LiveReferences = loading.State.Segments.LiveReferences,
        Retained = loading.State.Retained.Count,
        Frames = recovered.Frames,
        Bytes = recovered.Bytes,
        LastLsn = recovered.LastLsn,
        CheckpointLsn = loading.CheckpointLsn,
        NewestUtcMilliseconds = Math.Max(loading.State.NewestUtcMilliseconds, recovered.NewestUtcMilliseconds),
        TornSegment = recovered.TornSegment,
        TornOffset = recovered.TornOffset,
        CheckpointDamage = loading.Damage,
        IgnoredReferences = loading.State.IgnoredReferences,
        MovedReferences = loading.State.MovedReferences,
    };

    private static void Tell(ILogger logger, ILogDirectory directory, StoreRecovery recovery)
    {
        if (recovery.CheckpointDamage is { } damage)
        {
            logger.CheckpointUnusable(damage);
        }

        if (recovery.TornSegment is { } torn)
        {
            logger.TornTail(torn, recovery.TornOffset);
        }

        logger.StoreOpened(
            directory.Path,
            recovery.Sessions,
            recovery.LiveReferences,
            recovery.Retained,
            recovery.Frames,
            (long)recovery.Duration.TotalMilliseconds);
    }
}
