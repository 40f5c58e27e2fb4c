using Faults;
using Starling.Storage.Tests.Model;

namespace Starling.Storage.Tests.Stores;

public sealed class LogStoreTests
{
    [Fact]
    public async Task What_was_committed_is_there_after_a_restart()
    {
        MemoryLogDirectory directory = new();
        Workload workload = new(1);
        LogStore store = StoreSample.Open(directory);
        StoreSample.Run(store, workload, batches: 20);
        await store.DisposeAsync();

        Assert.Equal(workload.Model.Describe(withMessages: true), StoreSample.Describe(directory));
    }

    [Fact]
    public async Task Segments_roll_and_are_compacted_and_given_back_and_nothing_is_lost_by_it()
    {
        MemoryLogDirectory directory = new();
        Workload workload = new(2) { HoarderEvery = 7 };
        LogStore store = StoreSample.Open(directory);
        StoreSample.Run(store, workload, batches: 300);

        StoreStatistics statistics = store.ReadStatistics();
        await store.DisposeAsync();
        Assert.True(statistics is { Checkpoints: > 2, CompactedSegments: > 2, FreedSegments: > 2, MovedReferences: > 10 }, statistics.ToString());
        Assert.Equal(workload.Model.Describe(withMessages: true), StoreSample.Describe(directory));
    }
}
