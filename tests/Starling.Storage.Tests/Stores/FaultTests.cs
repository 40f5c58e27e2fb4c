using Faults;
using Starling.Broker.Ports;
using Starling.Storage.Tests.Model;

namespace Starling.Storage.Tests.Stores;

/// <summary>One call of the file system goes wrong, each in turn.</summary>
public sealed class FaultTests
{
    private const int Batches = 12;

    [Theory]
    [InlineData(FaultKind.Error)]
    [InlineData(FaultKind.Partial)]
    public void An_error_of_the_device_ends_acknowledging_and_loses_nothing(FaultKind kind)
    {
        int calls = CountCalls();
        int failed = 0;
        for (int call = 1; call <= calls; call++)
        {
            FaultRun run = new(call, kind);
            failed += run.Run(Batches) ? 0 : 1;
            run.CheckAfterRestart();
        }

        Assert.True(failed > calls / 6, $"{failed} of {calls}");
    }

    [Theory]
    [InlineData(FaultKind.Full)]
    [InlineData(FaultKind.PartialFull)]
    public void A_full_disk_only_delays_what_is_appended(FaultKind kind)
    {
        int calls = CountCalls();
        for (int call = 1; call <= calls; call++)
        {
            FaultRun run = new(call, kind);
            run.Run(Batches);
            run.CheckAfterRestart();
        }
    }

    [Fact]
    public async Task A_failed_sync_is_reported_to_every_shard_and_nothing_is_committed_any_more()
    {
        MemoryLogDirectory directory = new();
        await using LogStore store = LogStore.Open(StoreSample.Options(directory) with { RunThreads = true });
        RecordingEvents events = new();
        IShardStore shard = store.Open(0, events);
        StoreSample.Append(shard, [new Operation { Kind = StoreRecordKind.SessionOpened, Session = 1, Topic = "c" }]);
        await events.Signal.WaitAsync(TestContext.Current.CancellationToken);
        ulong committed = shard.CommittedLsn;

        directory.Fault = call => call.Operation == LogOperation.Sync ? FaultKind.Error : null;
        StoreSample.Append(shard, [new Operation { Kind = StoreRecordKind.SessionEnded, Session = 1 }]);
        Exception cause = await store.Faulted.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        Assert.IsType<IOException>(cause, exactMatch: false);
        Assert.Equal(StoreCondition.Failed, store.Condition);
        Assert.True(shard.IsFull);
        await events.Signal.WaitAsync(TestContext.Current.CancellationToken);
        Assert.True(events.HasFailed);
        StoreSample.Append(shard, [new Operation { Kind = StoreRecordKind.SessionEnded, Session = 1 }]);
        Assert.Equal(committed, shard.CommittedLsn);
    }

    [Fact]
    public async Task A_disk_without_space_holds_publishers_back_takes_what_gives_room_and_goes_on_when_there_is_space()
    {
        MemoryLogDirectory directory = new();
        LogStore store = StoreSample.Open(directory);
        RecordingEvents events = new();
        IShardStore shard = store.Open(0, events);
        Workload workload = new(4);
        StoreSample.Append(shard, workload.Next());
        store.StepAll();
        directory.CapacityBytes = directory.CapacityBytes - directory.Space.FreeBytes;
        int batches = 0;
        while (!shard.IsFull)
        {
            StoreSample.Append(shard, workload.Next());
            store.StepAll();
            batches++;
        }

        Assert.True(batches > 1);
        Assert.Equal(StoreCondition.Full, store.Condition);
        Assert.True(store.Figures.FullCount > 0);

        // The records of publishers that were on their way are taken still, and so is what gives room.
        StoreSample.Append(shard, workload.Next());
        StoreSample.Append(shard, [new Operation { Kind = StoreRecordKind.Sent, Session = 1, Sequence = 1 }]);
        store.StepAll();
        ulong committed = shard.CommittedLsn;
        Assert.True(committed > 0);

        int told = events.CommittedCount;
        directory.CapacityBytes = long.MaxValue / 4;
        store.StepAll();

        Assert.False(shard.IsFull);
        Assert.Equal(StoreCondition.Ready, store.Condition);
        Assert.True(events.CommittedCount > told);
        await store.DisposeAsync();
        Assert.Equal(workload.Model.Describe(withMessages: true), StoreSample.Describe(directory));
    }

    private static int CountCalls()
    {
        FaultRun run = new(int.MaxValue, FaultKind.Error);
        Assert.True(run.Run(Batches));
        return run.Calls;
    }
}
