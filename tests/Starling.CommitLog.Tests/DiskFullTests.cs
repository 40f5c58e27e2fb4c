using Faults;

namespace Starling.CommitLog.Tests;

public sealed class DiskFullTests
{
    private readonly MemoryLogDirectory _directory = new() { CapacityBytes = 6 * 4096 };

    [Fact]
    public void A_disk_without_room_for_another_segment_leaves_the_reserve_to_those_who_may_use_it()
    {
        using TestLog log = new(_directory);
        int commits = 0;
        while (!log.Log.IsDiskFull)
        {
            log.Commit(commits++, 180);
        }

        // Six segments: three are sealed, one is being written, and two are the reserve.
        Assert.Equal(0UL, TestLog.Append(log.Log, TestLog.Content(1, 180), mayUseReserve: false));
        Assert.Equal(48, commits / 16 * 16);
        for (; commits < 6 * 16; commits++)
        {
            log.Commit(commits, 180);
        }

        Assert.Equal((ulong)commits + 1, log.Append(1, 180));
        Assert.False(log.Log.TryCommit(TestLog.Now, out _));
        Assert.True(log.Log.HasUncommitted);
        Assert.Null(log.Log.Failure);
    }

    [Fact]
    public void What_waits_for_space_is_committed_when_there_is_some_again()
    {
        using TestLog log = new(_directory);
        Fill(log);
        Assert.False(log.Log.TryCommit(TestLog.Now, out _));
        log.Log.Free(log.Log.Segments[0].Id);
        Assert.True(log.Log.TryCommit(TestLog.Now, out LogFrame frame));
        Assert.Equal(97UL, frame.Lsn);
    }

    [Fact]
    public void The_disk_counts_as_full_until_the_reserve_is_whole_again()
    {
        using TestLog log = new(_directory);
        Fill(log);
        _directory.CapacityBytes += 4096;
        while (log.Log.Prepare())
        {
        }

        Assert.True(log.Log.IsDiskFull);
        _directory.CapacityBytes += 3 * 4096;
        while (log.Log.Prepare())
        {
        }

        Assert.False(log.Log.IsDiskFull);
        Assert.True(log.Log.TryCommit(TestLog.Now, out _));
    }

    [Fact]
    public void Freed_segments_end_the_shortage()
    {
        using TestLog log = new(_directory);
        Fill(log);
        foreach (LogSegment segment in log.Log.Segments.Take(4))
        {
            log.Log.Free(segment.Id);
        }

        Assert.False(log.Log.IsDiskFull);
    }

    [Fact]
    public void A_log_on_a_full_disk_can_be_opened_and_takes_what_may_use_the_reserve()
    {
        using (TestLog log = new(_directory))
        {
            while (!log.Log.IsDiskFull)
            {
                log.Commit(1, 180);
            }
        }

        using TestLog again = new(_directory);
        while (again.Log.Prepare())
        {
        }

        Assert.True(again.Log.IsDiskFull);
        Assert.True(again.Commit(2, 180) > 48);
    }

    [Fact]
    public void A_write_for_which_there_is_no_space_is_repeated_in_its_place()
    {
        using (TestLog log = new(_directory))
        {
            log.Commit(1, 100);
            _directory.Fault = call => call.Operation == LogOperation.Write ? FaultKind.PartialFull : null;
            log.Append(2, 100);
            Assert.False(log.Log.TryCommit(TestLog.Now, out _));
            Assert.True(log.Log.IsDiskFull);
            _directory.Fault = null;
            Assert.True(log.Log.TryCommit(TestLog.Now, out LogFrame frame));
            Assert.Equal(2UL, frame.Lsn);
        }

        using TestLog again = new(_directory);
        Assert.Equal([1UL, 2UL], again.Replayed.Keys);
    }

    [Fact]
    public void A_large_frame_that_has_no_room_waits_and_keeps_the_order()
    {
        using TestLog log = new(_directory);
        log.Commit(1, 10);
        log.Append(2, 30_000);
        Assert.False(log.Log.TryCommit(TestLog.Now, out _));
        Assert.True(log.Log.IsDiskFull);
        _directory.CapacityBytes += 40_000;
        Assert.True(log.Log.TryCommit(TestLog.Now, out LogFrame frame));
        Assert.Equal(2UL, frame.Lsn);
        Assert.Equal(3UL, log.Commit(3, 10));
    }

    private static void Fill(TestLog log)
    {
        for (int i = 0; i < 6 * 16; i++)
        {
            log.Commit(i, 180);
        }

        log.Append(1, 180);
    }
}
