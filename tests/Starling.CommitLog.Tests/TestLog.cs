using Faults;

namespace Starling.CommitLog.Tests;

/// <summary>A log with small segments over a directory, and short words for what is done with it.</summary>
internal sealed class TestLog : IDisposable
{
    public const ulong Store = 0x1122334455667788;
    public const long Now = 1_700_000_000_000;

    public static readonly CommitLogOptions Small = new() { SegmentBytes = 4096, FrameBytes = 1024, RecycledSegmentsMax = 4 };

    public TestLog(ILogDirectory? directory = null, CommitLogOptions? options = null, ulong afterLsn = 0)
    {
        FrameCollector replayed = new();
        Directory = directory ?? new MemoryLogDirectory();
        Log = SegmentedLog.Open(Directory, options ?? Small, new LogStart(Store, 1));
        Recovery = Log.Recover(afterLsn, replayed);
        Replayed = replayed.Frames;
    }

    public ILogDirectory Directory { get; }

    public SegmentedLog Log { get; }

    public LogRecovery Recovery { get; }

    public SortedDictionary<ulong, List<byte[]>> Replayed { get; }

    public static byte[] Content(int seed, int lengthBytes)
    {
        byte[] content = new byte[lengthBytes];
        new Random(seed).NextBytes(content);
        return content;
    }

    /// <returns>The LSN of the frame, or 0 when it was refused.</returns>
    public static ulong Append(SegmentedLog log, ReadOnlySpan<byte> content, bool mayUseReserve = true)
    {
        int length = RecordFormat.HeaderBytes + content.Length;
        if (!log.TryReserve(RecordFormat.Padded(length), 1, mayUseReserve, out LogReservation reservation))
        {
            return 0;
        }

        new RecordHeader(1, 0, 0, 0, reservation.FrameLsn).Write(reservation.Span);
        content.CopyTo(reservation.Span[RecordFormat.HeaderBytes..]);
        RecordFormat.Seal(reservation.Span, length);
        reservation.Complete();
        return reservation.FrameLsn;
    }

    public ulong Append(int seed, int lengthBytes) => Append(Log, Content(seed, lengthBytes));

    /// <summary>Appends a record in a frame of its own.</summary>
    public ulong Commit(int seed, int lengthBytes)
    {
        ulong lsn = Append(seed, lengthBytes);
        Assert.True(Log.TryCommit(Now, out LogFrame frame));
        Assert.Equal(lsn, frame.Lsn);
        while (Log.Prepare())
        {
        }

        return lsn;
    }

    public void Dispose() => Log.Dispose();
}
