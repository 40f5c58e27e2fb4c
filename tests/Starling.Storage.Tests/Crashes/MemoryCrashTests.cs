namespace Starling.Storage.Tests.Crashes;

public sealed class MemoryCrashTests
{
    [Fact]
    public void A_crash_in_any_call_loses_nothing_that_was_acknowledged()
    {
        MemoryCrashRun[] runs = [.. Enumerable.Range(1, 6).Select(seed => new MemoryCrashRun(seed))];
        foreach (MemoryCrashRun run in runs)
        {
            run.Run(lives: 16);
        }

        // It proves little unless what it is about has happened.
        Assert.True(runs.Sum(run => run.Checkpoints) > 10);
        Assert.True(runs.Sum(run => run.Compacted) > 10);
        Assert.True(runs.Sum(run => run.Freed) > 10);
        Assert.True(runs.Sum(run => run.DiedOpening) > 5);
    }
}
