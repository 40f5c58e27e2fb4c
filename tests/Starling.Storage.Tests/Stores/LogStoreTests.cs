using Faults;
using Starling.Broker.Ports;
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
        IShardStore shard = store.Open(0, new RecordingEvents());
        for (int i = 0; i < 200; i++)
        {
            StoreSample.Append(shard, workload.Next());
            store.StepCommitter(commitsAll: true);
            store.StepAll();
        }

        Assert.True(store.ReadStatistics().Checkpoints > 0);
        await store.DisposeAsync();

        Assert.Equal(workload.Model.Describe(withMessages: true), StoreSample.Describe(directory));
    }
}
