using Faults;

namespace Starling.CommitLog.Tests;

public sealed class SegmentedLogTests
{
    private readonly MemoryLogDirectory _directory = new();

    [Fact]
    public void What_is_committed_is_replayed_in_order()
    {
        using (TestLog log = new(_directory))
        {
            log.Append(1, 10);
            log.Append(2, 20);
            Assert.True(log.Log.TryCommit(TestLog.Now, out _));
            log.Commit(3, 30);
        }

        using TestLog again = new(_directory);
        Assert.Equal([1UL, 2UL], again.Replayed.Keys);
        Assert.Equal([TestLog.Content(1, 10), TestLog.Content(2, 20)], again.Replayed[1]);
        Assert.Equal([TestLog.Content(3, 30)], again.Replayed[2]);
        Assert.Equal(2UL, again.Recovery.LastLsn);
        Assert.Equal(2UL, again.Log.DurableLsn);
        Assert.Equal(TestLog.Now, again.Recovery.NewestUtcMilliseconds);
        Assert.Equal(3UL, again.Commit(4, 4));
    }

    [Fact]
    public void A_commit_hands_out_the_frame_and_where_it_stands()
    {
        using TestLog log = new(_directory);
        log.Append(1, 10);
        Assert.True(log.Log.TryCommit(TestLog.Now, out LogFrame frame));
        Assert.Equal(1UL, log.Log.DurableLsn);
        Assert.Equal(FrameHeader.Bytes, frame.RecordsOffset);
        Assert.Equal(1, frame.RecordCount);
        using ILogFile file = log.Log.OpenSegment(frame.SegmentId);
        byte[] read = new byte[frame.Records.Length];
        file.Read(read, frame.RecordsOffset);
        Assert.Equal(read, frame.Records);
    }

    [Fact]
    public void Nothing_to_commit_is_no_frame()
    {
        using TestLog log = new(_directory);
        Assert.False(log.Log.HasUncommitted);
        Assert.False(log.Log.TryCommit(TestLog.Now, out _));
    }

    [Fact]
    public void Only_the_first_record_of_a_frame_needs_to_wake_the_committer()
    {
        using TestLog log = new(_directory);
        Assert.True(log.Log.TryReserve(32, 1, true, out LogReservation first));
        Assert.True(log.Log.TryReserve(32, 1, true, out LogReservation second));
        Assert.True(first.WasEmpty);
        Assert.False(second.WasEmpty);
        Assert.True(log.Log.HasUncommitted);
    }

    [Fact]
    public void A_full_frame_takes_records_again_after_the_next_swap()
    {
        using TestLog log = new(_directory);
        while (log.Append(1, 100) != 0)
        {
        }

        Assert.True(log.Log.TryCommit(TestLog.Now, out _));
        Assert.Equal(2UL, log.Append(1, 100));
    }

    [Fact]
    public void A_large_record_gets_a_frame_of_its_own_and_keeps_its_place()
    {
        using (TestLog log = new(_directory))
        {
            Assert.Equal(1UL, log.Append(1, 10));
            Assert.Equal(2UL, log.Append(2, 600));
            Assert.Equal(0UL, log.Append(3, 10));
            Assert.Equal(3UL, log.Append(4, 300));
            Assert.Equal(0UL, log.Append(5, 800));
            Assert.True(log.Log.TryCommit(TestLog.Now, out _));
            Assert.Equal(4UL, log.Append(6, 10));
            Assert.True(log.Log.TryCommit(TestLog.Now, out _));
            Assert.True(log.Log.TryCommit(TestLog.Now, out _));
            Assert.True(log.Log.TryCommit(TestLog.Now, out _));
            Assert.False(log.Log.TryCommit(TestLog.Now, out _));
        }

        using TestLog again = new(_directory);
        Assert.Equal([1UL, 2UL, 3UL, 4UL], again.Replayed.Keys);
        Assert.Equal([TestLog.Content(2, 600)], again.Replayed[2]);
    }

    [Fact]
    public void A_large_record_into_an_empty_frame_is_the_next_frame()
    {
        using TestLog log = new(_directory);
        Assert.Equal(1UL, log.Commit(1, 600));
        Assert.Equal(2UL, log.Commit(2, 600));
        Assert.Equal(3UL, log.Commit(3, 10));
    }

    [Fact]
    public void A_frame_larger_than_a_segment_gets_a_file_of_its_size()
    {
        using (TestLog log = new(_directory))
        {
            log.Commit(1, 10);
            log.Commit(2, 10_000);
            log.Commit(3, 10);
            Assert.Equal(3, log.Log.Segments.Count);
        }

        using TestLog again = new(_directory);
        Assert.Equal([1UL, 2UL, 3UL], again.Replayed.Keys);
        Assert.Equal([TestLog.Content(2, 10_000)], again.Replayed[2]);
    }

    [Fact]
    public void A_full_segment_is_followed_by_another_that_was_ready()
    {
        using TestLog log = new(_directory);
        for (int i = 0; i < 20; i++)
        {
            log.Commit(i, 180);
        }

        IReadOnlyList<LogSegment> segments = log.Log.Segments;
        Assert.Equal(2, segments.Count);
        Assert.True(segments[0].IsSealed);
        Assert.False(segments[1].IsSealed);
        Assert.Equal(16UL, segments[0].NewestLsn);
        Assert.Equal(20UL, segments[1].NewestLsn);
        Assert.Equal(16 * 256, segments[0].Bytes);
    }

    [Fact]
    public void Segments_come_although_the_worker_never_prepared_one()
    {
        using TestLog log = new(_directory);
        for (int i = 0; i < 100; i++)
        {
            log.Append(i, 180);
            Assert.True(log.Log.TryCommit(TestLog.Now, out _));
        }

        Assert.Equal(7, log.Log.Segments.Count);
    }

    [Fact]
    public void A_freed_segment_is_written_again_under_another_name()
    {
        using TestLog log = new(_directory);
        for (int i = 0; i < 200; i++)
        {
            log.Commit(i, 180);
            foreach (LogSegment segment in log.Log.Segments.Where(segment => segment.IsSealed))
            {
                log.Log.Free(segment.Id);
            }
        }

        // The active one, the ready one, the reserve, and the one that was freed last.
        Assert.InRange(_directory.List("log").Count + _directory.List("free").Count, 3, 5);
        Assert.True(log.Log.Segments[0].Id > 10);
    }

    [Fact]
    public void Freed_files_beyond_the_number_to_keep_are_deleted()
    {
        using TestLog log = new(_directory);
        for (int i = 0; i < 200; i++)
        {
            log.Commit(i, 180);
        }

        foreach (LogSegment segment in log.Log.Segments.Where(segment => segment.IsSealed))
        {
            log.Log.Free(segment.Id);
        }

        Assert.Equal(TestLog.Small.RecycledSegmentsMax, _directory.List("free").Count);
    }

    [Fact]
    public void A_segment_that_a_backup_shares_is_never_written_again()
    {
        using TestLog log = new(_directory);
        for (int i = 0; i < 20; i++)
        {
            log.Commit(i, 180);
        }

        LogSegment segment = log.Log.Segments[0];
        _directory.LinkTo(segment.Name, "/backup/a");
        int free = _directory.List("free").Count;
        log.Log.Free(segment.Id);
        Assert.Equal(free, _directory.List("free").Count);
        Assert.False(_directory.Exists(segment.Name));
    }

    [Fact]
    public void A_segment_that_is_not_sealed_cannot_be_freed()
    {
        using TestLog log = new(_directory);
        log.Commit(1, 1);
        Assert.Throws<ArgumentException>(() => log.Log.Free(log.Log.Segments[0].Id));
    }

    [Fact]
    public void Identifiers_of_segments_are_never_given_twice()
    {
        HashSet<ulong> seen = [];
        for (int life = 0; life < 5; life++)
        {
            using TestLog log = new(_directory);
            Assert.True(seen.Add(log.Log.NextSegmentId()));
            log.Commit(life, 10);
            Assert.True(seen.Add(log.Log.Segments[^1].Id));
        }

        using SegmentedLog floor = SegmentedLog.Open(new MemoryLogDirectory(), TestLog.Small, new LogStart(TestLog.Store, 500));
        Assert.Equal(500UL, floor.NextSegmentId());
    }

    [Fact]
    public void Without_sync_a_commit_syncs_nothing()
    {
        using TestLog log = new(_directory, TestLog.Small with { Sync = LogSync.None });
        _directory.Fault = call => call.Operation == LogOperation.Sync ? FaultKind.Error : null;
        log.Append(1, 10);
        Assert.True(log.Log.TryCommit(TestLog.Now, out _));
    }

    [Fact]
    public void Records_must_be_padded()
    {
        using TestLog log = new(_directory);
        Assert.Throws<ArgumentOutOfRangeException>(() => log.Log.TryReserve(33, 1, true, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => log.Log.TryReserve(0, 1, true, out _));
    }

    [Theory]
    [InlineData(4097, 1024, 2, 8)]
    [InlineData(1L << 28, 1024, 2, 8)]
    [InlineData(4096, 8192, 2, 8)]
    [InlineData(4096, 1024, 2, 1)]
    public void Options_out_of_their_bounds_are_refused(long segment, int frame, int reserve, int recycled) =>
        Assert.Throws<ArgumentException>(() => SegmentedLog.Open(
            _directory,
            new CommitLogOptions { SegmentBytes = segment, FrameBytes = frame, ReserveSegments = reserve, RecycledSegmentsMax = recycled },
            new LogStart(TestLog.Store, 1)));

    [Fact]
    public void A_log_on_a_real_disk_is_replayed()
    {
        using TemporaryFolder folder = new();
        LogDirectory directory = new(folder.Path);
        using (TestLog log = new(directory))
        {
            for (int i = 0; i < 50; i++)
            {
                log.Commit(i, 180);
            }
        }

        using TestLog again = new(directory);
        Assert.Equal(50, again.Replayed.Count);
    }
}
