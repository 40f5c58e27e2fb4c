using Starling.Conformance.Running;

namespace Starling.Conformance.Tests.Suite;

/// <summary>What tests demand of a run.</summary>
internal static class SuiteAssert
{
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
}
