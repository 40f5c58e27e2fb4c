using Starling.CommitLog;
using Starling.Storage.Checkpoints;
using Starling.Storage.Commits;
using Starling.Storage.State;

namespace Starling.Storage.Tools;

/// <summary>Reads everything in a directory: all files, and then every message that the index refers to.</summary>
internal static class StoreChecking
{
    public static StoreReport Verify(ILogDirectory directory, Action<StoreProgress> report, CancellationToken cancellation)
    {
        Manifest manifest;
        try
        {
            manifest = ToolDirectory.ReadManifest(directory);
        }
        catch (StoreException cause) when (cause.Failure == StoreFailure.Corrupt)
        {
            return new StoreReport([new StoreFinding(StoreNames.Manifest, 0, "it is damaged")]);
        }

        StoreReplay replay = StoreReplay.Run(directory, manifest, report, cancellation);
        CheckMessages(directory, replay, report, cancellation);
        return new StoreReport(replay.Findings)
        {
            Files = replay.Files + 1,
            Bytes = replay.Bytes,
            Records = replay.Records,
            UnfinishedCommit = replay.Unfinished,
        };
    }

    public static StoreInfo ReadInfo(ILogDirectory directory)
    {
        Manifest manifest = ToolDirectory.ReadManifest(directory);
        StoreReplay replay = StoreReplay.Run(directory, manifest, static _ => { }, CancellationToken.None);
        ThrowIfDamaged(directory, replay);
        (long logBytes, int logSegments) = ToolDirectory.Measure(directory, StoreNames.LogFolder);
        (long coldBytes, int coldSegments) = ToolDirectory.Measure(directory, StoreNames.ColdFolder);
        (long freeBytes, int freeSegments) = ToolDirectory.Measure(directory, StoreNames.FreeFolder);
        IEnumerable<SessionState> sessions = Sessions(replay.State);
        return new StoreInfo
        {
            Format = $"{manifest.Major}.{manifest.Minor}",
            StoreId = Convert.ToHexStringLower(manifest.StoreId),
            Generation = manifest.Generation,
            Sessions = replay.State.Sessions.Count,
            Subscriptions = sessions.Sum(session => (long)session.Subscriptions.Count),
            QueuedMessages = sessions.Sum(session => (long)session.DeliveryCount),
            RetainedMessages = replay.State.Retained.Count,
            Wills = sessions.Count(session => session.Will is not null),
            LogSegments = logSegments,
            LogBytes = logBytes,
            ColdSegments = coldSegments,
            ColdBytes = coldBytes,
            FreeSegments = freeSegments,
            FreeBytes = freeBytes,
            LastLsn = replay.State.Lsn,
            CheckpointLsn = manifest.NewestCheckpoint,
            CheckpointBytes = ToolDirectory.Measure(directory, StoreNames.CheckpointFolder).Bytes,
            NewestUtcMilliseconds = replay.State.NewestUtcMilliseconds,
        };
    }

    /// <summary>Refuses what could only be read in part.</summary>
    public static void ThrowIfDamaged(ILogDirectory directory, StoreReplay replay)
    {
        if (replay.Findings is [StoreFinding first, ..])
        {
            throw new StoreException(
                StoreFailure.Corrupt,
                $"{directory.Path}/{first.File} is damaged at offset {first.Offset}: {first.Message}; try starling store repair");
        }
    }

    public static IEnumerable<SessionState> Sessions(StoreState state)
    {
        for (int slot = 0; slot < state.Sessions.Slots.Length; slot++)
        {
            if (state.Sessions.Slots[slot] is { } session)
            {
                yield return session;
            }
        }
    }

    private static void CheckMessages(
        ILogDirectory directory, StoreReplay replay, Action<StoreProgress> report, CancellationToken cancellation)
    {
        using SegmentFiles files = new(directory);
        MessageReader reader = new(files);
        long done = 0;
        foreach (SessionState session in Sessions(replay.State))
        {
            cancellation.ThrowIfCancellationRequested();
            ulong from = 0;
            while (session.TryNextDelivery(from, out ulong sequence, out QueueEntry entry))
            {
                from = sequence + 1;
                done++;
                if (!entry.IsReceived && !IsReadable(() => reader.ReadDelivery(entry.Location, session.Number, sequence) is not null))
                {
                    replay.Add(Missing(entry.Location, replay, $"the message of delivery {sequence} of session {session.Number} is not there"));
                }

                if (from == 0)
                {
                    // There is no number behind the highest.
                    break;
                }
            }

            report(new StoreProgress("reading messages", done, 0, done));
        }

        for (int slot = 0; slot < replay.State.Retained.Slots.Length; slot++)
        {
            if (replay.State.Retained.Slots[slot] is { IsDeleted: false } retained && !IsReadable(() => reader.ReadRetained(retained) is not null))
            {
                replay.Add(Missing(retained.Location, replay, $"the retained message of revision {retained.Revision} is not there"));
            }
        }
    }

    private static bool IsReadable(Func<bool> read)
    {
        try
        {
            return read();
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static StoreFinding Missing(Location location, StoreReplay replay, string message)
    {
        bool isCold = replay.State.Segments.Find(location.Segment)?.IsCold == true;
        return new StoreFinding(isCold ? StoreNames.Cold(location.Segment) : StoreNames.Log(location.Segment), location.Offset, message);
    }
}
