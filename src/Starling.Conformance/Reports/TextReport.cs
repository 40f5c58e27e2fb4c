using Starling.Conformance.Running;
using Starling.Conformance.Specification;
using Starling.Protocol;

namespace Starling.Conformance.Reports;

/// <summary>Runs as lines of text: one for each statement, then what the servers decided, then counts.</summary>
/// <param name="output">Where to write.</param>
/// <param name="isQuiet">Only statements that failed, and no choices.</param>
/// <param name="isColoured">Whether the verdicts have colours, for a terminal.</param>
internal sealed class TextReport(TextWriter output, bool isQuiet, bool isColoured)
{
    private const int AnswersMax = 4;
    private const int MessageCharactersMax = 400;

    public void Write(SuiteReport report)
    {
        bool isOne = report.Results.Count == 1;
        for (int i = 0; !isOne && i < report.Results.Count; i++)
        {
            output.WriteLine(FormattableString.Invariant($"[{i + 1}] {report.Results[i].Target}"));
        }

        for (int i = 0; i < report.Statements.Count; i++)
        {
            StatementResult[] row = [.. report.Results.Select(result => result.Statements[i])];
            if (!isQuiet || row.Any(statement => statement.Verdict == Verdict.Failed))
            {
                WriteRow(report.Statements[i], row);
            }
        }

        foreach (SuiteResult result in report.Results)
        {
            WriteEnd(report, result);
        }
    }

    private void WriteRow(Statement statement, StatementResult[] row)
    {
        foreach (StatementResult result in row)
        {
            output.Write($"{Colour(result.Verdict)}{VerdictNames.ForPeople(result.Verdict),-10}{Plain}  ");
        }

        output.Write($"{statement.Id,-16}  {statement.Rule}");
        for (int i = 0; i < row.Length; i++)
        {
            if (row[i].Message.Length > 0 && (i == 0 || row[i].Message != row[i - 1].Message))
            {
                output.Write(row.Length == 1 ? " | " : FormattableString.Invariant($" | [{i + 1}] "));
                output.Write(Shorten(Printable.Of(row[i].Message)));
            }
        }

        output.WriteLine();
    }

    // One line must stay readable; the whole message is in the other reports.
    private static string Shorten(string message) =>
        message.Length <= MessageCharactersMax ? message : $"{message.AsSpan(0, MessageCharactersMax)}… (all of it: --json, --html)";

    private void WriteEnd(SuiteReport report, SuiteResult result)
    {
        output.WriteLine();
        output.WriteLine($"{"",-40}  passed  failed  advice  not tested");
        foreach (MqttVersion version in report.Versions)
        {
            foreach (IGrouping<Chapter, StatementResult> chapter in SuiteReport.ByChapter(result).Where(part => part.Key.Version == version))
            {
                WriteCounts($"  {chapter.Key.Name}", chapter);
            }

            WriteCounts($"MQTT {Greeting.NameOf(version)}", result.Statements.Where(statement => statement.Statement.Version == version));
        }

        if (report.Versions.Count > 1)
        {
            WriteCounts("All", result.Statements);
        }

        foreach (MqttVersion version in report.Versions.Where(_ => !isQuiet))
        {
            WriteChoices(result, version);
        }

        output.WriteLine();
        foreach ((MqttVersion version, string why) in result.UnspokenVersions)
        {
            output.WriteLine($"MQTT {Greeting.NameOf(version)} was not tested: {Printable.Of(why)}.");
        }

        string cases = SuiteReport.Cases(result.Cases.Count);
        output.WriteLine(FormattableString.Invariant($"{result.Target}: {cases} in {result.Duration.TotalSeconds:0.0} s."));
        output.WriteLine(Printable.Of(SuiteReport.Conclude(result)));
    }

    private void WriteCounts(string name, IEnumerable<StatementResult> statements)
    {
        VerdictCounts counts = VerdictCounts.Of(statements);
        string failed = counts.Failed == 0 ? $"{counts.Failed,6}" : $"{Colour(Verdict.Failed)}{counts.Failed,6}{Plain}";
        output.WriteLine($"{name,-40}  {counts.Passed,6}  {failed}  {counts.NotAdvised,6}  {counts.NotTested,10}");
    }

    private void WriteChoices(SuiteResult result, MqttVersion version)
    {
        IReadOnlyList<IGrouping<string, string>> choices = SuiteReport.ChoicesOf(result, version);
        if (choices.Count == 0)
        {
            return;
        }

        output.WriteLine();
        output.WriteLine($"Choices in MQTT {Greeting.NameOf(version)}:");
        foreach (IGrouping<string, string> choice in choices)
        {
            string[] answers = [.. choice.Order(StringComparer.Ordinal)];
            string more = answers.Length > AnswersMax ? FormattableString.Invariant($" and {answers.Length - AnswersMax} more") : "";
            output.WriteLine(Printable.Of($"  {choice.Key}: {string.Join("; ", answers.Take(AnswersMax))}{more}"));
        }
    }

    private string Plain => isColoured ? "\e[0m" : "";

    private string Colour(Verdict verdict) => !isColoured ? "" : verdict switch
    {
        Verdict.Passed => "\e[32m",
        Verdict.Failed => "\e[1;31m",
        Verdict.NotAdvised => "\e[33m",
        _ => "\e[2m",
    };
}
