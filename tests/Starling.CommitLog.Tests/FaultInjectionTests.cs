using Faults;

namespace Starling.CommitLog.Tests;

public sealed class FaultInjectionTests
{
    private const int CallsMax = 400;

    // What every call of a whole life of a log does when it fails: opening, commits over several segments, preparing and freeing.
    [Theory]
    [InlineData(FaultKind.Error, CrashKind.Process)]
    [InlineData(FaultKind.Error, CrashKind.Forget)]
    [InlineData(FaultKind.Full, CrashKind.Forget)]
    [InlineData(FaultKind.Partial, CrashKind.Process)]
    [InlineData(FaultKind.Partial, CrashKind.Tear)]
    [InlineData(FaultKind.PartialFull, CrashKind.Process)]
    [InlineData(FaultKind.Death, CrashKind.Process)]
    [InlineData(FaultKind.Death, CrashKind.Forget)]
    [InlineData(FaultKind.Death, CrashKind.Tear)]
    [InlineData(FaultKind.Death, CrashKind.Cut)]
    [InlineData(FaultKind.Death, CrashKind.Zero)]
    [InlineData(FaultKind.Death, CrashKind.Flip)]
    public void Whatever_call_fails_the_log_holds_what_it_reported_and_at_most_one_frame_more(FaultKind fault, CrashKind crash)
    {
        int call = 0;
        bool wasHit;
        do
        {
            call++;
            wasHit = Run(call, fault, crash);
        }
        while (wasHit);
        Assert.InRange(call, 100, CallsMax);
    }

    [Fact]
    public void A_failed_sync_ends_the_log_and_is_never_repeated()
    {
        MemoryLogDirectory directory = new();
        TestLog log = new(directory);
        log.Commit(1, 10);
        int syncs = 0;
        directory.Fault = call => call.Operation == LogOperation.Sync && ++syncs == 1 ? FaultKind.Full : null;
        log.Append(2, 10);
        LogFailedException failed = Assert.Throws<LogFailedException>(() => log.Log.TryCommit(TestLog.Now, out _));
        Assert.Contains("injected", failed.Message, StringComparison.Ordinal);
        Assert.NotNull(log.Log.Failure);
        Assert.Throws<LogFailedException>(() => log.Log.TryCommit(TestLog.Now, out _));
        Assert.Throws<LogFailedException>(() => log.Log.Prepare());
        Assert.Throws<LogFailedException>(() => log.Log.Free(1));
        Assert.Equal(0UL, log.Append(3, 10));
        Assert.Equal(0UL, log.Append(3, 1000));
        Assert.Equal(1UL, log.Log.DurableLsn);
        Assert.Equal(1, syncs);
    }

    [Fact]
    public void A_failed_write_ends_the_log()
    {
        MemoryLogDirectory directory = new();
        TestLog log = new(directory);
        log.Append(1, 10);
        directory.Fault = call => call.Operation == LogOperation.Write ? FaultKind.Error : null;
        Assert.Throws<LogFailedException>(() => log.Log.TryCommit(TestLog.Now, out _));
        Assert.Equal(0UL, log.Log.DurableLsn);
    }

    private static bool Run(int failing, FaultKind fault, CrashKind crash)
    {
        MemoryLogDirectory directory = new();
        LogModel model = new(directory);
        bool wasHit = false;
        directory.Fault = call =>
        {
            wasHit |= call.Number == failing;
            return call.Number == failing ? fault : null;
        };
        try
        {
            model.Open();
            for (int i = 0; i < 40; i++)
            {
                model.Append(i, i % 13 == 12 ? 700 : 180);
                model.Commit();
                model.Prepare();
                if (i % 10 == 9)
                {
                    model.FreeOldest();
                }
            }
        }
        catch (IOException)
        {
            Assert.True(wasHit);
        }

        directory.Fault = null;
        directory.Crash(crash, failing);
        model.Reopen();
        directory.Crash(CrashKind.Forget, failing);
        model.Reopen();
        model.Append(1, 10);
        model.Commit();
        Assert.False(model.HasUnreported);
        return wasHit;
    }
}
