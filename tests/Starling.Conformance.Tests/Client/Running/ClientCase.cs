using Starling.Conformance.Specification;
using Starling.Protocol;

namespace Starling.Conformance.Tests.Client.Running;

/// <summary>One thing that is tried on our client library: it runs once in each version that it names a statement of.</summary>
/// <param name="Name">What must be so, as a sentence; no other case has it.</param>
/// <param name="Statements">The statements that are broken when it fails, of one version or of several.</param>
/// <param name="Body">Tries it, on the thread of the client's loop.</param>
internal sealed record ClientCase(string Name, string[] Statements, Action<ClientRun> Body)
{
    /// <summary>The versions it runs in.</summary>
    public IReadOnlyList<MqttVersion> Versions { get; } =
        [.. Statements.Select(id => StatementTable.Find(id)?.Version ?? throw new ArgumentException($"There is no statement {id}.")).Distinct()];

    /// <summary>Its statements of one version.</summary>
    public IEnumerable<string> StatementsOf(MqttVersion version) => Statements.Where(id => StatementTable.Find(id)?.Version == version);
}
