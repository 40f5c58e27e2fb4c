namespace Starling.Storage.Tests.Crashes;

public sealed class CrashTests(ITestOutputHelper output)
{
    [Fact]
    public void A_process_that_is_killed_loses_nothing_that_it_acknowledged()
    {
        string folder = Directory.CreateTempSubdirectory("starling-crash-").FullName;
        CrashRounds crashes = new(seed: 1, folder);
        try
        {
            crashes.Run(rounds: 60);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        output.WriteLine(crashes.Counts.ToString());

        // It proves little unless what it is about has happened.
        CrashCounts counts = crashes.Counts;
        Assert.True(counts is { Batches: > 500, Checkpoints: > 10, Compacted: > 5, Freed: > 5, Segments: > 10, PowerCuts: > 5 }, counts.ToString());
    }
}
