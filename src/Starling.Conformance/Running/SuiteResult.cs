using Starling.Conformance.Specification;
using Starling.Protocol;

namespace Starling.Conformance.Running;

/// <summary>What came of a whole run against one target.</summary>
/// <param name="Target">What people call the target.</param>
/// <param name="Cases">Every case that was wanted, in the order of the suite, inspections last.</param>
/// <param name="Statements">Every statement that was wanted, in the order of the specifications.</param>
internal sealed record SuiteResult(string Target, IReadOnlyList<CaseResult> Cases, IReadOnlyList<StatementResult> Statements)
{
    /// <summary>Versions that were wanted and that the server does not speak, with what it said.</summary>
    public IReadOnlyDictionary<MqttVersion, string> UnspokenVersions { get; init; } = new Dictionary<MqttVersion, string>();

    /// <summary>How the run ended before its end; null when it did not.</summary>
    public SuiteAbort? Abort { get; init; }

    public TimeSpan Duration { get; init; }

    public bool HasFailure => Statements.Any(statement => statement.Verdict == Verdict.Failed);

    /// <summary>Joins what cases say to verdicts on statements.</summary>
    public static IReadOnlyList<StatementResult> Judge(IEnumerable<Statement> statements, IReadOnlyCollection<CaseResult> cases)
    {
        ILookup<string, CaseResult> byStatement = cases
            .SelectMany(result => result.Statements.Select(id => (Id: id, Result: result)))
            .ToLookup(pair => pair.Id, pair => pair.Result, StringComparer.Ordinal);
        return [.. statements.Select(statement => new StatementResult(statement, [.. byStatement[statement.Id]]))];
    }
}
