using Starling.Conformance.Running;

namespace Starling.Conformance.Tests.Suite;

/// <summary>What tests demand of a run.</summary>
internal static class SuiteAssert
{
    // It takes a third of a minute; a machine that is busy with other things gets more, and an endless run is found all the same.
    private static readonly TimeSpan SuiteLimit = TimeSpan.FromMinutes(3);

    /// <summary>The run came to its end, and no case failed.</summary>
    public static void NothingIsBroken(SuiteResult result)
    {
        Assert.Null(result.Abort);
        Assert.NotEmpty(result.Cases);
        string[] failures =
        [
            .. result.Cases.Where(c => c.Verdict == Verdict.Failed).Select(c => $"{Greeting.NameOf(c.Version)} {string.Join(' ', c.Statements)} {c.Name}: {c.Message}"),
        ];
        Assert.True(failures.Length == 0, $"{failures.Length} cases failed against {result.Target}:\n{string.Join('\n', failures)}");
    }

    /// <summary>The whole suite is quick enough to be run often.</summary>
    public static void EndsInTime(SuiteResult result) =>
        Assert.True(result.Duration < SuiteLimit, $"The whole suite took {result.Duration}.");
}
