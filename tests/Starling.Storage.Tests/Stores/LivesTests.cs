using Starling.Broker.Ports;
using Starling.CommitLog;
using Starling.Storage.Checkpoints;
using Starling.Storage.State;
using Starling.Storage.Tests.Model;
using Starling.Storage.Tools;

namespace Starling.Storage.Tests.Stores;

/// <summary>What one life of a store leaves to the next.</summary>
public sealed class LivesTests
{
    private readonly Lives _lives = new();

    [Fact]
    public async Task A_segment_that_was_given_back_because_all_in_it_had_expired_is_not_missed_by_the_next_start()
    {
        _lives.Live(true, Lives.Retained(_lives.NowUtcMilliseconds + 3_600_000));
        _lives.Live(true, Lives.Opened);
        _lives.Time.Advance(TimeSpan.FromHours(2));
        LogStore store = LogStore.Open(_lives.Options);
        store.StepAll();
        Assert.Equal(1, store.ReadStatistics().FreedSegments);
        await store.DisposeAsync();

        LogStore again = LogStore.Open(_lives.Options);

        Assert.Equal(0, again.Recovery.Retained);
        await again.DisposeAsync();
        Assert.Empty(Replay().Findings);
    }

    [Fact]
    public async Task A_time_that_is_still_to_come_is_no_time_that_was_seen()
    {
        long planned = _lives.NowUtcMilliseconds + 60_000;
        _lives.Live(true, Lives.Opened, new Operation { Kind = StoreRecordKind.SessionAway, Session = Lives.Session, Utc = planned });
        await using LogStore again = LogStore.Open(_lives.Options);
        Assert.InRange(again.Recovery.NewestUtcMilliseconds, 1, planned - 1);
    }

    [Fact]
    public void Segments_that_were_given_back_between_others_are_no_damage_and_one_behind_the_checkpoint_is()
    {
        _lives.Live(false, Lives.Opened, _lives.Message());
        _lives.Live(false, _lives.Message(), Lives.Finished(1));
        _lives.Live(true, Lives.Finished(7));
        long freed = _lives.Live(true, Lives.Finished(8));
        _lives.Live(false, Lives.Finished(9));
        _lives.Live(false, Lives.Finished(10));
        Assert.True(freed > 0);
        Assert.Empty(Replay().Findings);

        string[] log = [.. LogScanner.List(_lives.Directory).Select(segment => segment.Name)];
        _lives.Directory.Delete(log.First(name => FirstLsn(name) == 5));

        Assert.NotEmpty(Replay().Findings);
    }

    [Fact]
    public async Task Short_lives_take_checkpoints_too()
    {
        Workload workload = new(3);
        long checkpoints = 0;
        for (int life = 0; life < 12; life++)
        {
            LogStore store = LogStore.Open(_lives.Options with { CheckpointBytes = 64 << 10 });
            StoreSample.Run(store, workload, 2);
            Assert.True(store.ReadStatistics().LogBytesWritten < 64 << 10);
            checkpoints += store.ReadStatistics().Checkpoints;
            await store.DisposeAsync();
        }

        Assert.True(checkpoints > 0);
    }

    [Fact]
    public async Task After_a_damaged_checkpoint_the_manifest_names_the_one_that_was_loaded()
    {
        _lives.Live(true, Lives.Opened);
        _lives.Live(true, Lives.Finished(1));
        ulong[] before = [ReadManifest().NewestCheckpoint, ReadManifest().OlderCheckpoint];
        _lives.Overwrite(StoreNames.Checkpoint(before[0]), 40, [0xff, 0xff]);

        LogStore store = LogStore.Open(_lives.Options);
        await store.DisposeAsync();

        Assert.NotNull(store.Recovery.CheckpointDamage);
        Assert.Equal([before[1], 0UL], [ReadManifest().NewestCheckpoint, ReadManifest().OlderCheckpoint]);
    }

    [Fact]
    public void A_segment_whose_only_frame_is_damaged_is_not_taken_for_another_while_a_message_is_in_it()
    {
        _lives.Live(true, Lives.Opened, _lives.Message());
        string name = LogScanner.List(_lives.Directory).Select(segment => segment.Name).First(name => FirstLsn(name) == 1);
        _lives.Live(true, Lives.Finished(7));
        _lives.Overwrite(name, 0, new byte[FrameHeader.Bytes]);

        StoreException refused = Assert.Throws<StoreException>(() => LogStore.Open(_lives.Options));

        Assert.Equal(StoreFailure.Corrupt, refused.Failure);
        Assert.Contains(name, refused.Message, StringComparison.Ordinal);
        Assert.True(_lives.Directory.Exists(name));
    }

    [Fact]
    public async Task What_a_crash_has_left_at_the_end_of_a_cold_file_is_no_damage_and_is_cut_off()
    {
        Workload workload = new(2) { HoarderEvery = 7 };
        LogStore store = StoreSample.Open(_lives.Directory);
        StoreSample.Run(store, workload, batches: 300);
        SegmentUse use = store.State.Segments.All.First(use => use is { IsCold: true, LiveReferences: > 0 });
        await store.DisposeAsync();
        string name = StoreNames.Cold(use.Id);
        long length = _lives.LengthOf(name);
        _lives.Overwrite(name, length, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
        Assert.Empty(Replay().Findings);

        string found = StoreSample.Describe(_lives.Directory);

        Assert.InRange(_lives.LengthOf(name), 1, length);
        Assert.Equal(workload.Model.Describe(withMessages: true), found);
    }

    private StoreReplay Replay() =>
        StoreReplay.Run(_lives.Directory, ReadManifest(), static _ => { }, TestContext.Current.CancellationToken);

    private Manifest ReadManifest() => ToolDirectory.ReadManifest(_lives.Directory);

    private ulong FirstLsn(string name)
    {
        byte[] bytes = new byte[FrameHeader.Bytes];
        using ILogFile file = _lives.Directory.Open(name, LogFileMode.Read);
        file.Read(bytes, 0);
        return FrameHeader.TryRead(bytes, out FrameHeader header) ? header.Lsn : 0;
    }
}
