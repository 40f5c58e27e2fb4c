using Starling.Protocol;

namespace Starling.Conformance.Running;

/// <summary>What came of one case in one version.</summary>
/// <param name="Name">The case, or the rule of an inspection.</param>
/// <param name="Version">The version it ran in.</param>
/// <param name="Statements">Its statements of that version.</param>
/// <param name="Verdict">What came of it.</param>
/// <param name="Message">What was due and what came, or why it was not tested; empty when it passed.</param>
internal sealed record CaseResult(string Name, MqttVersion Version, IReadOnlyList<string> Statements, Verdict Verdict, string Message)
{
    /// <summary>What the server decided where it may.</summary>
    public IReadOnlyList<Choice> Choices { get; init; } = [];

    public TimeSpan Duration { get; init; }
}
