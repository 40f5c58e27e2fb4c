using BenchmarkDotNet.Attributes;
using Starling.CommitLog;

namespace Starling.Micro.Appending;

/// <summary>
/// A record of 256 bytes into the commit log: reserved, written, sealed. Committed whenever the frame is full, and by itself; the second is
/// the disk's own time where commits wait for it.
/// </summary>
public class CommitLogBenchmarks
{
    private const int RecordBytes = RecordFormat.HeaderBytes + 256;
    private const long Now = 1_700_000_000_000;

    private readonly byte[] _content = new byte[256];
    private string _folder = "";
    private SegmentedLog? _log;

    [Params(LogSync.None, LogSync.Disk)]
    public LogSync Sync { get; set; }

    [GlobalSetup]
    public void Open()
    {
        _folder = Directory.CreateTempSubdirectory("starling-micro-").FullName;
        LogDirectory directory = new(_folder);
        directory.CreateFolder("");
        directory.CreateFolder("log");
        _log = SegmentedLog.Open(directory, new CommitLogOptions { Sync = Sync }, new LogStart(1, 1));
        _log.Recover(0, new FrameIgnorer());
    }

    [GlobalCleanup]
    public void Close()
    {
        _log?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Benchmark]
    public ulong Append()
    {
        ulong lsn = TryAppend();
        if (lsn == 0)
        {
            Commit();
            lsn = TryAppend();
        }

        return lsn != 0 ? lsn : throw new InvalidOperationException("An empty frame has no room.");
    }

    [Benchmark]
    public ulong AppendAndCommit()
    {
        Append();
        Commit();
        return Log().DurableLsn;
    }

    private SegmentedLog Log() => _log ?? throw new InvalidOperationException("The log is not open.");

    private ulong TryAppend()
    {
        if (!Log().TryReserve(RecordFormat.Padded(RecordBytes), 1, mayUseReserve: false, out LogReservation reservation))
        {
            return 0;
        }

        new RecordHeader(1, 0, 0, 0, reservation.FrameLsn).Write(reservation.Span);
        _content.CopyTo(reservation.Span[RecordFormat.HeaderBytes..]);
        RecordFormat.Seal(reservation.Span, RecordBytes);
        reservation.Complete();
        return reservation.FrameLsn;
    }

    /// <summary>Commits, and does what the worker would do meanwhile: nobody needs the frames, so their files are used again.</summary>
    private void Commit()
    {
        SegmentedLog log = Log();
        if (!log.TryCommit(Now, out _))
        {
            throw new InvalidOperationException("There was nothing to commit, or the disk is full.");
        }

        while (log.Segments is [var first, _, ..])
        {
            log.Free(first.Id);
        }

        while (log.Prepare())
        {
        }
    }
}
