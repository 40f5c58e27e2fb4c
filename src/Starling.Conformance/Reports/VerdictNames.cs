using Starling.Conformance.Running;

namespace Starling.Conformance.Reports;

/// <summary>What reports call a verdict.</summary>
internal static class VerdictNames
{
    /// <summary>For people.</summary>
    public static string ForPeople(Verdict verdict) => verdict switch
    {
        Verdict.Passed => "passed",
        Verdict.Failed => "FAILED",
        Verdict.NotAdvised => "advice",
        _ => "not tested",
    };

    /// <summary>For programs: these words stay.</summary>
    public static string ForPrograms(Verdict verdict) => verdict switch
    {
        Verdict.Passed => "passed",
        Verdict.Failed => "failed",
        Verdict.NotAdvised => "not-advised",
        _ => "not-tested",
    };

    /// <summary>For programs: these words stay.</summary>
    public static string ForPrograms(SuiteAbortKind kind) => kind switch
    {
        SuiteAbortKind.Unreachable => "unreachable",
        SuiteAbortKind.Refused => "refused",
        SuiteAbortKind.Unspoken => "unspoken",
        SuiteAbortKind.NotMqtt => "not-mqtt",
        _ => "lost",
    };
}
