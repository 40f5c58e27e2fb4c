using Faults;

namespace Starling.CommitLog.Tests;

public sealed class RecycleTests
{
    [Fact]
    public void Without_a_free_handle_a_freed_segment_is_deleted_and_the_log_goes_on()
    {
        MemoryLogDirectory directory = new();
        using TestLog log = new(directory);
        for (int i = 0; i < 40; i++)
        {
            log.Commit(i, 184);
        }

        LogSegment freed = log.Log.Segments[0];
        directory.Fault = call => call.Operation == LogOperation.Open ? FaultKind.Full : null;

        log.Log.Free(freed.Id);

        directory.Fault = null;
        Assert.Null(log.Log.Failure);
        Assert.False(directory.Exists(freed.Name));
        log.Commit(41, 184);
    }

    [Fact]
    public void Nothing_is_changed_when_the_look_before_it_refuses()
    {
        MemoryLogDirectory directory = new();
        using (TestLog log = new(directory))
        {
            log.Commit(1, 184);
        }

        IReadOnlyList<string> before = directory.List("log");
        using SegmentedLog again = SegmentedLog.Open(directory, TestLog.Small, new LogStart(TestLog.Store, 1));
        IReadOnlyCollection<ulong> unused = [];

        Assert.Throws<InvalidDataException>(() => again.Recover(0, new FrameCollector(), found =>
        {
            unused = found;
            throw new InvalidDataException();
        }));

        Assert.NotEmpty(unused);
        Assert.Equal(before, directory.List("log"));
    }
}
