using Starling.Conformance.Specification;

namespace Starling.Conformance.Running;

/// <summary>What came of one statement: the worst of its cases.</summary>
internal sealed record StatementResult(Statement Statement, IReadOnlyList<CaseResult> Cases)
{
    public Verdict Verdict { get; } = Cases.Count == 0 ? Verdict.NotTested : Cases.Max(result => result.Verdict);

    /// <summary>Why it was not tested, or what failed; empty when it passed.</summary>
    public string Message { get; } = string.Join("; ", MessagesOf(Statement, Cases));

    /// <summary>What the server decided where it may, each once.</summary>
    public IReadOnlyList<Choice> Choices { get; } = [.. Cases.SelectMany(result => result.Choices).Distinct()];

    private static IEnumerable<string> MessagesOf(Statement statement, IReadOnlyList<CaseResult> cases)
    {
        if (cases.Count == 0)
        {
            return [statement.Binds == "client" ? "it binds clients; no server can be seen to keep it" : "no case tries it on a server from outside"];
        }

        Verdict worst = cases.Max(result => result.Verdict);
        return cases.Where(result => result.Verdict == worst && result.Message.Length > 0).Select(result => $"{result.Name}: {result.Message}").Distinct();
    }
}
