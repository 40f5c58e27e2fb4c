using Faults;
using Starling.CommitLog;
using Starling.Storage.Commits;

namespace Starling.Storage.Tests.Commits;

public sealed class AppendsTests : IDisposable
{
    private readonly SegmentedLog _log;
    private readonly Wakeup _wakeup = new();
    private readonly Appends _appends;

    public AppendsTests()
    {
        CommitLogOptions options = new() { SegmentBytes = 4096, FrameBytes = 1024, RecycledSegmentsMax = 4 };
        _log = SegmentedLog.Open(new MemoryLogDirectory(), options, new LogStart(1, 1));
        _log.Recover(0, new NoFrames());
        _appends = new Appends(_log, 1000, _wakeup);
    }

    [Fact]
    public void What_is_refused_on_a_full_disk_is_not_charged()
    {
        _appends.SetFull(true);
        for (int i = 0; i < 5; i++)
        {
            Assert.False(TryAppend(1600));
        }

        Assert.True(TryAppend(240));
    }

    [Fact]
    public void What_waits_for_the_next_frame_on_a_full_disk_is_charged_once()
    {
        while (TryAppend(240))
        {
        }

        _appends.SetFull(true);
        for (int i = 0; i < 10; i++)
        {
            Assert.False(TryAppend(240));
        }

        Assert.True(_log.TryCommit(0, out _));
        Assert.True(TryAppend(240));
        Assert.True(TryAppend(240));
        Assert.True(TryAppend(240));
    }

    public void Dispose()
    {
        _log.Dispose();
        _wakeup.Dispose();
    }

    private bool TryAppend(int bytes)
    {
        if (!_appends.TryReserve(bytes, takesSpace: true, out LogReservation reservation))
        {
            return false;
        }

        RecordFormat.Seal(reservation.Span, bytes);
        reservation.Complete();
        return true;
    }

    private sealed class NoFrames : IFrameVisitor
    {
        public void Visit(in LogFrame frame) => Assert.Fail("there is none");
    }
}
