using Starling.Conformance.Running;
using Starling.Conformance.Specification;
using Starling.Conformance.Targets;
using Starling.Protocol;

namespace Starling.Conformance.Tests.Suite;

/// <summary>
/// Timed cases in real time: other load on the machine can make them say what is not so. What they said about a statement counts against
/// a server only when they say it again.
/// </summary>
internal static class TimedCases
{
    /// <summary>Runs the timed cases of some statements once more; their results take the place of the earlier ones.</summary>
    public static async Task<IReadOnlyList<CaseResult>> RunAgainAsync(
        ITarget target, IReadOnlyList<CaseResult> cases, Predicate<Statement> isDoubtful, CancellationToken cancellation)
    {
        SuiteOptions timed = new() { IsWanted = isDoubtful, IsWantedCase = one => one.Kind == CaseKind.Timed };
        SuiteResult again = await new SuiteRunner(target, timed).RunAsync(cancellation);
        Assert.Null(again.Abort);
        HashSet<(string, MqttVersion)> repeated = [.. again.Cases.Select(one => (one.Name, one.Version))];
        return [.. cases.Where(one => !repeated.Contains((one.Name, one.Version))), .. again.Cases];
    }
}
