using Starling.Conformance.Running;

namespace Starling.Conformance.Reports;

/// <summary>How many statements have which verdict.</summary>
internal readonly record struct VerdictCounts(int Passed, int Failed, int NotAdvised, int NotTested)
{
    public int Total => Passed + Failed + NotAdvised + NotTested;

    public static VerdictCounts Of(IEnumerable<StatementResult> statements)
    {
        ILookup<Verdict, StatementResult> byVerdict = statements.ToLookup(statement => statement.Verdict);
        return new VerdictCounts(
            byVerdict[Verdict.Passed].Count(),
            byVerdict[Verdict.Failed].Count(),
            byVerdict[Verdict.NotAdvised].Count(),
            byVerdict[Verdict.NotTested].Count());
    }
}
