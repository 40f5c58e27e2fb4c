using Starling.Conformance.Running;
using Starling.Conformance.Specification;
using Starling.Protocol;

namespace Starling.Conformance.Reports;

/// <summary>What reports are made of: the same suite run against one or several targets.</summary>
/// <param name="Tool">Name and version of what made it.</param>
/// <param name="Begun">When the first run began.</param>
/// <param name="Results">One for each target, each over the same statements.</param>
internal sealed record SuiteReport(string Tool, DateTimeOffset Begun, IReadOnlyList<SuiteResult> Results)
{
    /// <summary>Every statement that was wanted, in the order of the specifications.</summary>
    public IReadOnlyList<Statement> Statements { get; } = [.. Results[0].Statements.Select(result => result.Statement)];

    /// <summary>The versions that were wanted, in the order of the specifications.</summary>
    public IReadOnlyList<MqttVersion> Versions { get; } = [.. Results[0].Statements.Select(result => result.Statement.Version).Distinct()];

    /// <summary>The statements of one target by chapter, in the order of the specifications.</summary>
    public static IReadOnlyList<IGrouping<Chapter, StatementResult>> ByChapter(SuiteResult result) =>
        [.. result.Statements.GroupBy(statement => Chapter.Of(statement.Statement))];

    /// <summary>What a server decided where it may, in one version: each question with its answers.</summary>
    public static IReadOnlyList<IGrouping<string, string>> ChoicesOf(SuiteResult result, MqttVersion version) =>
    [
        .. result.Cases
            .Where(single => single.Version == version)
            .SelectMany(single => single.Choices)
            .Distinct()
            .OrderBy(choice => choice.Question, StringComparer.Ordinal)
            .GroupBy(choice => choice.Question, choice => choice.Answer),
    ];

    /// <summary>The text with an end mark.</summary>
    public static string AsSentence(string text) => text.EndsWith('.') || text.EndsWith('?') ? text : $"{text}.";

    /// <summary>A number of cases.</summary>
    public static string Cases(int count) => FormattableString.Invariant($"{count} case{(count == 1 ? "" : "s")}");

    /// <summary>One sentence on how a run ended.</summary>
    public static string Conclude(SuiteResult result)
    {
        if (result.Abort is SuiteAbort abort)
        {
            return $"Not complete: {AsSentence(abort.Message)}";
        }

        VerdictCounts counts = VerdictCounts.Of(result.Statements);
        return counts switch
        {
            { Failed: 1 } => "1 statement is broken.",
            { Failed: > 1 } => FormattableString.Invariant($"{counts.Failed} statements are broken."),
            { Passed: 0, NotAdvised: 0 } => "Nothing was tested.",
            _ => "No statement is broken.",
        };
    }
}
