using Starling.Storage.Tests.Model;
using Starling.Storage.Tests.Stores;

namespace Starling.Storage.Tests.Tools;

public sealed class StoreToolsTests : IDisposable
{
    private readonly StoredData _data = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void A_sound_directory_is_verified_and_not_changed()
    {
        SortedDictionary<string, string> before = TemporaryFolder.Snapshot(_data.Path);

        StoreReport report = StoreTools.Verify(_data.Path, null, Cancellation);

        Assert.Empty(report.Findings);
        Assert.True(report.Records > 100);
        Assert.Equal(before, TemporaryFolder.Snapshot(_data.Path));
        Assert.Empty(StoreTools.Repair(_data.Path, null, Cancellation).Findings);
        Assert.Equal(before, TemporaryFolder.Snapshot(_data.Path));
    }

    [Fact]
    public void Info_counts_what_is_there()
    {
        StoreInfo info = StoreTools.ReadInfo(_data.Path);

        StoreModel model = _data.Workload.Model;
        Assert.Equal("1.0", info.Format);
        Assert.Equal(model.Sessions.Count, info.Sessions);
        Assert.Equal(model.Sessions.Values.Sum(session => session.Deliveries.Count), info.QueuedMessages);
        Assert.Equal(model.Sessions.Values.Sum(session => session.Subscriptions.Count), info.Subscriptions);
        Assert.Equal(model.Sessions.Values.Count(session => session.Will is not null), info.Wills);
        Assert.Equal(model.Retained.Values.Count(entry => entry.Message is not null), info.RetainedMessages);
        Assert.True(info is { CheckpointLsn: > 0, ColdSegments: > 0, LogSegments: > 0 });
    }

    [Fact]
    public void What_is_exported_can_be_imported()
    {
        StringWriter lines = new();
        StoreTools.Export(_data.Path, lines, null, Cancellation);

        ImportReport report = StoreTools.Import(_data.Join("copy"), new StringReader(lines.ToString()), null, Cancellation);

        Assert.Equal(_data.Workload.Model.Sessions.Count, report.Sessions);
        Assert.Equal(_data.Expected, StoredData.Describe(_data.Join("copy")));
        Assert.True(StoreTools.ReadInfo(_data.Join("copy")).Generation > StoreTools.ReadInfo(_data.Path).Generation);

        StringWriter again = new();
        StoreTools.Export(_data.Join("copy"), again, null, Cancellation);
        Assert.Equal(Sorted(lines.ToString()), Sorted(again.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"kind\":\"session\"}")]
    [InlineData("{\"kind\":\"store\",\"version\":1,\"generation\":1,\"retainedRevision\":0}\n{\"kind\":\"nothing\"}")]
    [InlineData("{\"kind\":\"store\",\"version\":1,\"generation\":1,\"retainedRevision\":0}\nwhat")]
    [InlineData("{\"kind\":\"store\",\"version\":1,\"generation\":1,\"retainedRevision\":0}\n{\"kind\":\"session\",\"number\":-1}")]
    [InlineData("[]")]
    public void A_wrong_line_is_named_and_nothing_is_made(string lines)
    {
        StoreException refused = Assert.Throws<StoreException>(
            () => StoreTools.Import(_data.Join("copy"), new StringReader(lines), null, Cancellation));

        Assert.Equal(StoreFailure.Usage, refused.Failure);
        Assert.False(Directory.Exists(_data.Join("copy")));
    }

    [Fact]
    public void Nothing_is_put_into_a_directory_that_is_not_empty()
    {
        Assert.Equal(StoreFailure.NotEmpty, Assert.Throws<StoreException>(() => StoreTools.Import(_data.Path, new StringReader(""), null, Cancellation)).Failure);
        Assert.Equal(StoreFailure.NotEmpty, Assert.Throws<StoreException>(() => StoreTools.Restore(_data.Path, _data.Path, null, Cancellation)).Failure);
    }

    [Fact]
    public void A_directory_that_is_no_store_is_refused()
    {
        Directory.CreateDirectory(_data.Join("empty"));

        Assert.Equal(StoreFailure.Unreadable, Assert.Throws<StoreException>(() => StoreTools.ReadInfo(_data.Join("empty"))).Failure);
        Assert.Equal(StoreFailure.Unreadable, Assert.Throws<StoreException>(() => StoreTools.Verify(_data.Join("absent"), null, Cancellation)).Failure);
    }

    [Fact]
    public async Task A_backup_taken_while_serving_is_the_state_of_its_moment_and_stays_so()
    {
        LogStore store = _data.Open();
        StoreSample.Run(store, _data.Workload, 5);
        string expected = _data.Expected;
        Task backup = store.BackupAsync(_data.Join("backup"), null, Cancellation);
        while (!backup.IsCompleted)
        {
            store.StepAll();
            await Task.Yield();
        }

        await backup;
        StoreSample.Run(store, _data.Workload, 150);
        await store.DisposeAsync();

        Assert.Empty(StoreTools.Verify(_data.Join("backup"), null, Cancellation).Findings);
        StoreTools.Restore(_data.Join("backup"), _data.Join("restored"), null, Cancellation);
        Assert.Equal(expected, StoredData.Describe(_data.Join("restored")));
        Assert.Equal(_data.Expected, StoredData.Describe(_data.Path));

        // The backup shares files with the store, which goes on: it is still the same, also after it was opened itself.
        Assert.Equal(expected, StoredData.Describe(_data.Join("backup")));
    }

    [Fact]
    public async Task A_backup_of_a_store_that_runs_has_all_that_was_committed_before()
    {
        LogStore store = LogStore.Open(_data.Options() with { RunThreads = true });
        store.Recover(new ModelSink());
        RecordingEvents events = new();
        Broker.Ports.IShardStore shard = store.Open(0, events);
        StoreSample.Append(shard, _data.Workload.Next());
        await store.BackupAsync(_data.Join("backup"), null, Cancellation);
        await Assert.ThrowsAsync<StoreException>(() => store.BackupAsync(_data.Join("backup"), null, Cancellation));
        await store.DisposeAsync();

        Assert.Empty(StoreTools.Verify(_data.Join("backup"), null, Cancellation).Findings);
        Assert.Equal(_data.Expected, StoredData.Describe(_data.Path));
    }

    [Fact]
    public async Task A_backup_that_is_given_up_leaves_nothing_and_the_next_one_succeeds()
    {
        LogStore store = _data.Open();
        using CancellationTokenSource source = new();
        Task backup = store.BackupAsync(_data.Join("backup"), null, source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => backup);
        Assert.False(Directory.Exists(_data.Join("backup")));

        Task again = store.BackupAsync(_data.Join("backup"), null, Cancellation);
        while (!again.IsCompleted)
        {
            store.StepAll();
            await Task.Yield();
        }

        await again;
        await store.DisposeAsync();
        Assert.Equal(_data.Expected, StoredData.Describe(_data.Join("backup")));
    }

    [Fact]
    public async Task The_scrubber_finds_damage_in_what_nobody_reads()
    {
        StoredData.Flip(_data.Files("cold")[0], 60);
        Microsoft.Extensions.Time.Testing.FakeTimeProvider time = new(DateTimeOffset.UnixEpoch);
        LogStore store = LogStore.Open(_data.Options() with { ScrubBytesPerSecond = 1 << 20, TimeProvider = time, CompactionPercent = 0 });
        for (int i = 0; i < 60; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            store.StepAll();
        }

        Assert.True(store.ReadStatistics() is { ScrubbedBytes: > 0, DamagedRecords: 1 }, store.ReadStatistics().ToString());
        await store.DisposeAsync();
    }

    public void Dispose() => _data.Dispose();

    private static IEnumerable<string> Sorted(string lines) => lines.Split('\n').Skip(1).Order(StringComparer.Ordinal);
}
