using Faults;
using Starling.Broker.Ports;
using Starling.CommitLog;
using Starling.Storage.Tests.Model;

namespace Starling.Storage.Tests.Stores;

public sealed class ConcurrentShardsTests
{
    [Fact]
    public async Task Shards_on_threads_of_their_own_lose_nothing_and_are_told_when_their_records_are_stored()
    {
        MemoryLogDirectory directory = new();
        Workload[] workloads = [new(21) { Part = 1, HoarderEvery = 7 }, new(22) { Part = 2, HoarderEvery = 7 }];

        // Frames smaller than a batch, so that records wait for room all the time.
        LogStore store = LogStore.Open(StoreSample.Options(directory) with
        {
            Log = new CommitLogOptions { SegmentBytes = 64 << 10, FrameBytes = 12 << 10 },
            CheckpointBytes = 64 << 10,
            RunThreads = true,
        });
        store.Recover(new ModelSink());
        await Task.WhenAll(workloads.Select((workload, shard) => Task.Run(() => DriveAsync(store, workload, shard))));
        StoreStatistics statistics = store.ReadStatistics();
        await store.DisposeAsync();

        Assert.False(store.Faulted.IsCompleted);
        Assert.True(statistics.Checkpoints > 0);
        string expected = string.Concat(workloads.Select(workload => Lines(workload.Model.Describe(withMessages: true))).SelectMany(lines => lines).Order(StringComparer.Ordinal));
        string found = string.Concat(Lines(StoreSample.Describe(directory)).Order(StringComparer.Ordinal));
        Assert.Equal(expected, found);
    }

    private static async Task DriveAsync(LogStore store, Workload workload, int shard)
    {
        RecordingEvents events = new();
        IShardStore appended = store.Open(shard, events);
        for (int i = 0; i < 150; i++)
        {
            StoreSample.Append(appended, workload.Next());

            // The last record of a batch may be one that nobody waits for; this one is.
            ulong last = appended.Append(new StoreRecord { Kind = StoreRecordKind.WillRemoved, Session = 1 });
            while (i % 10 == 0 && appended.CommittedLsn < last)
            {
                Assert.True(await events.Signal.WaitAsync(TimeSpan.FromMinutes(1)), "nobody said that the record is stored");
            }
        }
    }

    private static IEnumerable<string> Lines(string text) => text.Split('\n').Where(line => !line.StartsWith("revision", StringComparison.Ordinal));
}
