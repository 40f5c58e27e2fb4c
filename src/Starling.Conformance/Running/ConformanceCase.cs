using Starling.Conformance.Specification;
using Starling.Protocol;

namespace Starling.Conformance.Running;

/// <summary>One thing that is tried on a server: it runs once in each version that it names a statement of.</summary>
/// <param name="Name">What must be so, as a sentence; no other case has it.</param>
/// <param name="Statements">The statements that are broken when it fails, of one version or of several.</param>
/// <param name="Body">Tries it. It throws <see cref="CaseFailedException"/> when the server breaks the rule.</param>
internal sealed record ConformanceCase(string Name, string[] Statements, Func<CaseRun, Task> Body)
{
    public CaseKind Kind { get; init; }

    public Needs Needs { get; init; }

    /// <summary>Whether the specification only advises it: a failure is shown, and is no breach.</summary>
    public bool IsAdvice { get; init; }

    /// <summary>The versions it runs in.</summary>
    public IReadOnlyList<MqttVersion> Versions { get; } =
        [.. Statements.Select(id => StatementTable.Find(id)?.Version ?? throw new ArgumentException($"There is no statement {id}.")).Distinct()];

    /// <summary>Its statements of one version.</summary>
    public IEnumerable<string> StatementsOf(MqttVersion version) => Statements.Where(id => StatementTable.Find(id)?.Version == version);
}
