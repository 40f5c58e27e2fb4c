using Faults;

namespace Starling.CommitLog.Tests;

public sealed class LogScannerTests
{
    private const int RecordBytes = RecordFormat.HeaderBytes + 100;
    private const int PaddedBytes = RecordBytes + 4;
    private const int FrameBytes = FrameHeader.Bytes + (2 * PaddedBytes);

    private readonly MemoryLogDirectory _directory = new();

    [Fact]
    public void A_whole_log_is_listed_with_the_places_of_everything()
    {
        Write();
        Assert.Equal(
        [
            "frame 1 at 0", "record at 48", "record at 176",
            "frame 2 at 304", "record at 352", "record at 480",
            "frame 3 at 608", "record at 656", "record at 784",
        ], Scan());
    }

    [Fact]
    public void A_damaged_record_costs_nothing_but_itself()
    {
        Write();
        Damage(FrameBytes + FrameHeader.Bytes + 50);
        Assert.Equal(["frame 2 at 304", "Record of 128 at 352", "record at 480", "frame 3 at 608"], Scan()[3..7]);
    }

    [Fact]
    public void A_damaged_length_costs_the_rest_of_its_frame()
    {
        Write();
        Damage(FrameBytes + FrameHeader.Bytes + 1);
        Assert.Equal(["frame 2 at 304", "Record of 256 at 352", "frame 3 at 608"], Scan()[3..6]);
    }

    [Fact]
    public void A_damaged_frame_header_costs_its_frame()
    {
        Write();
        Damage(FrameBytes + 20);
        Assert.Equal(["Frame of 304 at 304", "frame 3 at 608"], Scan()[3..5]);
    }

    [Fact]
    public void A_torn_end_is_told_from_damage()
    {
        Write();
        Damage((2 * FrameBytes) + 20);
        Assert.Equal($"End of {4096 - (2 * FrameBytes)} at 608", Scan()[^1]);
    }

    private void Write()
    {
        using TestLog log = new(_directory);
        for (int i = 0; i < 3; i++)
        {
            log.Append(i, 100);
            log.Append(i + 10, 100);
            Assert.True(log.Log.TryCommit(TestLog.Now, out _));
        }
    }

    private List<string> Scan()
    {
        ScanNotes notes = new();
        new LogScanner(_directory, TestLog.Store).Scan(LogScanner.List(_directory)[0], notes);
        return notes.Lines;
    }

    private void Damage(int offset)
    {
        byte[] one = new byte[1];
        using ILogFile file = _directory.Open(LogScanner.List(_directory)[0].Name, LogFileMode.ReadWrite);
        file.Read(one, offset);
        one[0] ^= 1;
        file.Write(one, offset);
    }
}
