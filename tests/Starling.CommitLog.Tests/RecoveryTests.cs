using Faults;

namespace Starling.CommitLog.Tests;

public sealed class RecoveryTests
{
    private const int FrameBytes = FrameHeader.Bytes + RecordFormat.HeaderBytes + 184;

    private readonly MemoryLogDirectory _directory = new();

    [Fact]
    public void Frames_up_to_the_one_asked_for_are_not_replayed()
    {
        Write(40);
        using TestLog again = new(_directory, afterLsn: 20);
        Assert.Equal(Enumerable.Range(21, 20).Select(lsn => (ulong)lsn), again.Replayed.Keys);
        Assert.Equal(20, again.Recovery.Frames);
    }

    [Fact]
    public void Segments_below_what_is_asked_for_are_not_read()
    {
        Write(40);
        Damage(SegmentName(0), FrameBytes + 100);
        using TestLog again = new(_directory, afterLsn: 30);
        Assert.Equal(10, again.Replayed.Count);
        LogSegment first = again.Log.Segments[0];
        Assert.Equal(16UL, first.NewestLsn);
        Assert.True(first.IsSealed);
    }

    [Fact]
    public void Segments_that_were_freed_are_not_missed()
    {
        Write(70);
        string[] names = [.. Enumerable.Range(0, 5).Select(SegmentName)];
        _directory.Delete(names[1]);
        using (TestLog log = new(_directory, afterLsn: 40))
        {
            Assert.Equal(30, log.Replayed.Count);
        }

        _directory.Delete(names[0]);
        _directory.Delete(names[2]);
        using TestLog again = new(_directory, afterLsn: 48);
        Assert.Equal(22, again.Replayed.Count);
    }

    [Fact]
    public void Segments_that_are_missed_are_corruption()
    {
        Write(70);
        _directory.Delete(SegmentName(1));
        LogCorruptException corrupt = Assert.Throws<LogCorruptException>(() => new TestLog(_directory, afterLsn: 10));
        Assert.Equal(SegmentName(0), corrupt.File);
        Assert.Equal(16 * FrameBytes, corrupt.Offset);
        _directory.Delete(SegmentName(0));
        Assert.Throws<LogCorruptException>(() => new TestLog(_directory, afterLsn: 10));
    }

    [Fact]
    public void The_numbers_go_on_when_every_frame_was_freed()
    {
        using (TestLog log = new(_directory, afterLsn: 90))
        {
            Assert.Equal(90UL, log.Recovery.LastLsn);
            Assert.Equal(91UL, log.Commit(1, 10));
        }

        using TestLog again = new(_directory, afterLsn: 90);
        Assert.Equal([91UL], again.Replayed.Keys);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(60)]
    [InlineData(FrameBytes - 20)]
    public void Damage_in_the_middle_is_refused_with_file_and_offset_and_nothing_is_changed(int within)
    {
        Write(20);
        string name = SegmentName(0);
        Damage(name, (5 * FrameBytes) + within);
        byte[] before = ReadAll(name);
        LogCorruptException corrupt = Assert.Throws<LogCorruptException>(() => new TestLog(_directory));
        Assert.Equal(name, corrupt.File);
        Assert.Equal(5 * FrameBytes, corrupt.Offset);
        Assert.Contains(name, corrupt.Message, StringComparison.Ordinal);
        Assert.Equal(before, ReadAll(name));
    }

    [Fact]
    public void Damage_before_whole_frames_of_the_last_segment_is_refused()
    {
        Write(10);
        Damage(SegmentName(0), (8 * FrameBytes) + 100);
        LogCorruptException corrupt = Assert.Throws<LogCorruptException>(() => new TestLog(_directory));
        Assert.Equal(8 * FrameBytes, corrupt.Offset);
    }

    [Fact]
    public void Damage_at_the_end_of_a_segment_is_seen_by_the_next_one()
    {
        Write(20);
        string name = SegmentName(0);
        Damage(name, (15 * FrameBytes) + 100);
        LogCorruptException corrupt = Assert.Throws<LogCorruptException>(() => new TestLog(_directory));
        Assert.Equal(name, corrupt.File);
        Assert.Equal(15 * FrameBytes, corrupt.Offset);
    }

    [Fact]
    public void A_damaged_beginning_of_a_segment_is_refused_wherever_it_is()
    {
        Write(40);
        Damage(SegmentName(0), 20);
        Assert.Throws<LogCorruptException>(() => new TestLog(_directory));
        Assert.Throws<LogCorruptException>(() => new TestLog(_directory, afterLsn: 35));
    }

    [Fact]
    public void A_bad_frame_at_the_very_end_is_a_torn_commit_and_its_LSN_is_given_again()
    {
        Write(20);
        string name = SegmentName(1);
        Damage(name, (3 * FrameBytes) + 100);
        using (TestLog log = new(_directory))
        {
            Assert.Equal(19, log.Replayed.Count);
            Assert.Equal(name, log.Recovery.TornSegment);
            Assert.Equal(3 * FrameBytes, log.Recovery.TornOffset);
            Assert.True(ReadAll(name).AsSpan(3 * FrameBytes).IndexOfAnyExcept((byte)0) < 0);
            Assert.Equal(20UL, log.Commit(77, 180));
        }

        using TestLog again = new(_directory);
        Assert.Equal(20, again.Replayed.Count);
        Assert.Equal([TestLog.Content(77, 180)], again.Replayed[20]);
        Assert.Null(again.Recovery.TornSegment);
    }

    [Fact]
    public void A_torn_end_that_was_zeroed_does_not_come_back_with_a_power_cut()
    {
        Write(20);
        string name = SegmentName(1);
        byte[] whole = ReadAll(name);
        Damage(name, (3 * FrameBytes) + 100);
        new TestLog(_directory).Dispose();
        _directory.Crash(CrashKind.Forget, 1);
        Assert.True(ReadAll(name).AsSpan(3 * FrameBytes).IndexOfAnyExcept((byte)0) < 0);
        Assert.NotEqual(whole, ReadAll(name));
    }

    [Fact]
    public void What_was_replayed_survives_a_power_cut_although_its_commit_was_never_reported()
    {
        TestLog log = new(_directory);
        log.Commit(1, 100);
        _directory.Fault = call => call.Operation == LogOperation.Sync ? FaultKind.Death : null;
        log.Append(2, 100);
        Assert.Throws<LogFailedException>(() => log.Log.TryCommit(TestLog.Now, out _));
        _directory.Fault = null;
        _directory.Crash(CrashKind.Process, 1);

        Assert.Equal([1UL, 2UL], new TestLog(_directory).Replayed.Keys);
        _directory.Crash(CrashKind.Forget, 1);
        Assert.Equal([1UL, 2UL], new TestLog(_directory).Replayed.Keys);
    }

    [Fact]
    public void Old_frames_of_a_recycled_file_are_never_seen()
    {
        ulong last = 0;
        using (TestLog log = new(_directory))
        {
            for (int i = 0; i < 100; i++)
            {
                last = log.Commit(i, 180);
                foreach (LogSegment segment in log.Log.Segments.Where(segment => segment.IsSealed))
                {
                    log.Log.Free(segment.Id);
                }
            }
        }

        // The file of the active segment is full of frames of its earlier life behind the last one.
        using TestLog again = new(_directory, afterLsn: 96);
        Assert.Equal(last, again.Recovery.LastLsn);
        Assert.Equal(4, again.Replayed.Count);
        Assert.Null(again.Recovery.TornSegment);
    }

    [Fact]
    public void Frames_of_another_store_are_not_seen()
    {
        Write(5);
        FrameCollector replayed = new();
        using SegmentedLog log = SegmentedLog.Open(_directory, TestLog.Small, new LogStart(TestLog.Store + 1, 1));
        log.Recover(0, replayed);
        Assert.Empty(replayed.Frames);
    }

    [Fact]
    public void Files_of_segments_without_frames_are_used_again()
    {
        Write(3);
        for (int i = 0; i < 10; i++)
        {
            new TestLog(_directory).Dispose();
        }

        Assert.InRange(_directory.List("log").Count + _directory.List("free").Count, 3, 6);
    }

    [Fact]
    public void Free_files_that_are_not_whole_are_deleted()
    {
        Write(3);
        using (ILogFile file = _directory.Open("free/00000000000000ff.seg", LogFileMode.CreateNew))
        {
            file.Allocate(100);
        }

        _directory.Open("free/other", LogFileMode.CreateNew).Dispose();
        new TestLog(_directory).Dispose();
        Assert.False(_directory.Exists("free/00000000000000ff.seg"));
        Assert.False(_directory.Exists("free/other"));
    }

    [Fact]
    public void A_frame_that_a_client_wrote_into_its_payload_is_no_frame()
    {
        byte[] forged = new byte[FrameHeader.Bytes];
        new FrameHeader(FrameHeader.Bytes, 0, 99, 1, TestLog.Store + 1, 0).Write(forged);
        using (TestLog log = new(_directory))
        {
            TestLog.Append(log.Log, forged);
            Assert.True(log.Log.TryCommit(TestLog.Now, out _));
        }

        Damage(SegmentName(0), 50);
        using TestLog again = new(_directory);
        Assert.Empty(again.Replayed);
    }

    private void Write(int frames)
    {
        using TestLog log = new(_directory);
        for (int i = 0; i < frames; i++)
        {
            log.Commit(i, 180);
        }
    }

    private string SegmentName(int index) => LogScanner.List(_directory)[index].Name;

    private void Damage(string name, int offset)
    {
        byte[] one = new byte[1];
        using ILogFile file = _directory.Open(name, LogFileMode.ReadWrite);
        file.Read(one, offset);
        one[0] ^= 0x40;
        file.Write(one, offset);
        file.Sync();
    }

    private byte[] ReadAll(string name)
    {
        using ILogFile file = _directory.Open(name, LogFileMode.Read);
        byte[] bytes = new byte[file.Length];
        file.Read(bytes, 0);
        return bytes;
    }
}
