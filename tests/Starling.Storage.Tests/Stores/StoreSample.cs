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
        CheckpointBytes = 512 << 10,
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

    public static string Describe(ILogDirectory directory)
    {
        LogStore store = Open(directory);
        string text = StoreReading.Read(store, out _).Describe(withMessages: true);
        store.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return text;
    }
}
