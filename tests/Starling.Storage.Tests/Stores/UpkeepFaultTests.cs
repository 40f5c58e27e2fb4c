using Faults;
using Starling.Storage.Tests.Model;

namespace Starling.Storage.Tests.Stores;

/// <summary>What is read in the background cannot be: that is damage to be told of, and storing goes on.</summary>
public sealed class UpkeepFaultTests
{
    private readonly Lives _lives = new();

    [Fact]
    public async Task A_file_that_the_scrubber_cannot_read_is_counted_and_the_next_one_follows()
    {
        _lives.Live(false, Lives.Opened, _lives.Message());
        _lives.Live(false, _lives.Message());
        await using LogStore store = LogStore.Open(_lives.Options with { ScrubBytesPerSecond = 1 << 20 });
        string first = store.Log.Segments[0].Name;
        _lives.Directory.Fault = call => call.Operation == LogOperation.Read && call.Name == first ? FaultKind.Error : null;
        Scrub(store);

        Assert.Equal(1, store.ReadStatistics().DamagedRecords);
        Assert.True(store.ReadStatistics().ScrubbedBytes > 0);
        _lives.Directory.Fault = null;
    }

    [Fact]
    public async Task Without_a_free_handle_the_scrubber_tries_again()
    {
        _lives.Live(false, Lives.Opened, _lives.Message());
        await using LogStore store = LogStore.Open(_lives.Options with { ScrubBytesPerSecond = 1 << 20 });
        _lives.Directory.Fault = call => call.Operation == LogOperation.Open ? FaultKind.Full : null;
        Scrub(store);
        Assert.Equal(0, store.ReadStatistics().ScrubbedBytes);

        _lives.Directory.Fault = null;
        Scrub(store);

        Assert.True(store.ReadStatistics() is { ScrubbedBytes: > 0, DamagedRecords: 0 });
    }

    [Fact]
    public async Task A_segment_that_compaction_cannot_read_is_left_alone_and_nothing_is_lost()
    {
        MemoryLogDirectory directory = new();
        Workload workload = new(2) { HoarderEvery = 7 };
        LogStore store = StoreSample.Open(directory);
        directory.Fault = call => call.Operation == LogOperation.Read && call.Name.StartsWith("log/", StringComparison.Ordinal) ? FaultKind.Error : null;
        StoreSample.Run(store, workload, batches: 120);
        directory.Fault = null;

        Assert.True(store.ReadStatistics() is { DamagedRecords: > 0, CompactedSegments: 0 }, store.ReadStatistics().ToString());
        await store.DisposeAsync();
        Assert.Equal(workload.Model.Describe(withMessages: true), StoreSample.Describe(directory));
    }

    private void Scrub(LogStore store)
    {
        for (int i = 0; i < 5; i++)
        {
            _lives.Time.Advance(TimeSpan.FromSeconds(1));
            store.StepAll();
        }
    }
}
