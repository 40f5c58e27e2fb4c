using Starling.Broker.Ports;
using Starling.CommitLog;
using Starling.Storage.Tests.Model;

namespace Starling.Storage.Tests.Stores;

/// <summary>A small store that tests step by hand: tiny segments, so that they roll, and are recycled and compacted.</summary>
internal static class StoreSample
{
    public static LogStoreOptions Options(ILogDirectory directory) => new()
    {
        Directory = directory,
        Log = new CommitLogOptions { SegmentBytes = 256 << 10, FrameBytes = 128 << 10 },
        CheckpointBytes = 256 << 10,
        CompactionPercent = 50,
        CompactionBytesPerSecond = 1L << 40,
        ScrubBytesPerSecond = 0,
        DiskFreeBytesMin = 0,
        RunThreads = false,
    };

    public static LogStore Open(ILogDirectory directory) => LogStore.Open(Options(directory));

    public static void Append(IShardStore shard, IEnumerable<Operation> batch)
    {
        foreach (Operation operation in batch)
        {
            operation.Give((scoped in StoreRecord record) => shard.Append(record));
        }
    }

    /// <summary>Commits so many batches, and lets the workers do what they have to after each.</summary>
    public static void Run(LogStore store, Workload workload, int batches)
    {
        IShardStore shard = store.Open(0, new RecordingEvents());
        for (int i = 0; i < batches; i++)
        {
            Append(shard, workload.Next());
            store.StepAll();
        }
    }

    public static string Describe(ILogDirectory directory)
    {
        LogStore store = Open(directory);
        string text = StoreReading.Read(store, out _).Describe(withMessages: true);
        store.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return text;
    }
}
