using System.Globalization;
using Faults;
using Starling.Broker.Ports;
using Starling.CommitLog;
using Starling.Storage.Tests.Model;
using Starling.Storage.Tests.Stores;

namespace Starling.Storage.Tests.Crashes;

/// <summary>
/// The process that is killed: opens the store, demands that it holds exactly the batches that the parent knows of, or one more, and then
/// commits one after the other, each in one commit, and says so in a line after each.
/// </summary>
internal static class CrashChild
{
    public const int Wrong = 3;

    /// <param name="args">The directory, how it is reached, the seed, the number of the last batch that was acknowledged.</param>
    public static int Run(ReadOnlySpan<string> args)
    {
        ILogDirectory directory = new LogDirectory(args[0]);
        directory = args[1] == CrashRounds.PowerCut ? new PowerCutDirectory(directory) : directory;
        CrashWorkload workload = new(int.Parse(args[2], CultureInfo.InvariantCulture));
        workload.Advance(long.Parse(args[3], CultureInfo.InvariantCulture));
        LogStore store = LogStore.Open(StoreSample.Options(directory) with
        {
            Log = new CommitLogOptions { SegmentBytes = 64 << 10, FrameBytes = 64 << 10 },
            CheckpointBytes = 48 << 10,
        });
        string found = StoreReading.Read(store, out _).Describe(withMessages: true);
        if (found != workload.Describe())
        {
            workload.Next();
            if (found != workload.Describe())
            {
                Console.Out.WriteLine($"{CrashRounds.WrongWord} {args[3]}");
                return Wrong;
            }
        }

        IShardStore shard = store.Open(0, new RecordingEvents());
        Say(store, CrashRounds.OpenedWord, workload);
        while (true)
        {
            StoreSample.Append(shard, workload.Next());
            store.StepCommitter(commitsAll: true);
            if (shard.IsFull)
            {
                throw new InvalidOperationException("a batch must fit into one commit");
            }

            Say(store, CrashRounds.StoredWord, workload);
            for (int i = workload.Steps(); i > 0; i--)
            {
                store.StepWorker();
                ulong before = store.Log.DurableLsn;
                store.StepCommitter(commitsAll: true);
                if (store.Log.DurableLsn != before)
                {
                    // What compaction says in the log is synced too, and what follows relies on it.
                    Say(store, CrashRounds.StoredWord, workload);
                }
            }
        }
    }

    private static void Say(LogStore store, string word, CrashWorkload workload)
    {
        // The last segment with commits, and where they end: what lies behind was not synced.
        LogSegment? last = store.Log.Segments.LastOrDefault(segment => segment.NewestLsn == store.Log.DurableLsn);
        StoreStatistics statistics = store.ReadStatistics();
        Console.Out.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"{word} {workload.BatchNumber} {last?.Id ?? 0} {last?.Bytes ?? 0} {statistics.Checkpoints} {statistics.CompactedSegments} {statistics.FreedSegments} {store.Log.Segments.Count}\n"));
        Console.Out.Flush();
    }
}
