namespace Starling.CommitLog.Tests;

/// <summary>Proves that something allocates nothing once it has run a few times.</summary>
internal static class Allocations
{
    public static void AssertNone(Action cycle)
    {
        for (int i = 0; i < 5; i++)
        {
            cycle();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        cycle();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
