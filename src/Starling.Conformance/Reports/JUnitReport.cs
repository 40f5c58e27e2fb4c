using System.Globalization;
using System.Text;
using System.Xml;
using Starling.Conformance.Running;

namespace Starling.Conformance.Reports;

/// <summary>
/// Runs as the XML of JUnit, which build servers read: a suite for each target, version and section, a test for each statement. A run
/// that was not finished has one test more, which is an error.
/// </summary>
internal static class JUnitReport
{
    private static readonly XmlWriterSettings Settings = new() { Indent = true, Encoding = new UTF8Encoding(false), NewLineChars = "\n" };

    public static void Write(SuiteReport report, Stream output)
    {
        using XmlWriter xml = XmlWriter.Create(output, Settings);
        xml.WriteStartElement("testsuites");
        xml.WriteAttributeString("name", report.Tool);
        int aborts = report.Results.Count(result => result.Abort is not null);
        WriteTotals(xml, [.. report.Results.SelectMany(result => result.Statements)], aborts);
        WriteSeconds(xml, Sum(report.Results.Select(result => result.Duration)));
        foreach (SuiteResult result in report.Results)
        {
            WriteAbort(xml, report, result);
            foreach (IGrouping<Chapter, StatementResult> chapter in SuiteReport.ByChapter(result))
            {
                WriteSuite(xml, report, result, chapter);
            }
        }

        xml.WriteEndElement();
    }

    private static void WriteAbort(XmlWriter xml, SuiteReport report, SuiteResult result)
    {
        if (result.Abort is not SuiteAbort abort)
        {
            return;
        }

        StartSuite(xml, report, $"{result.Target} run");
        WriteTotals(xml, [], 1);
        StartTest(xml, $"{result.Target} run", "the run came to its end");
        WriteOutcome(xml, "error", abort.Message, VerdictNames.ForPrograms(abort.Kind));
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static void WriteSuite(XmlWriter xml, SuiteReport report, SuiteResult result, IGrouping<Chapter, StatementResult> chapter)
    {
        string name = $"{result.Target} {chapter.Key.FullName}";
        StartSuite(xml, report, name);
        WriteTotals(xml, [.. chapter], 0);
        WriteSeconds(xml, Sum(chapter.SelectMany(statement => statement.Cases).Distinct().Select(single => single.Duration)));
        foreach (StatementResult statement in chapter)
        {
            WriteTest(xml, name, statement);
        }

        xml.WriteEndElement();
    }

    private static void WriteTest(XmlWriter xml, string suite, StatementResult statement)
    {
        StartTest(xml, suite, $"{statement.Statement.Id} {statement.Statement.Rule}");
        WriteSeconds(xml, Sum(statement.Cases.Select(single => single.Duration)));
        switch (statement.Verdict)
        {
            case Verdict.Failed:
                WriteOutcome(xml, "failure", statement.Message, statement.Statement.Id);
                break;
            case Verdict.NotTested:
                WriteOutcome(xml, "skipped", statement.Message, null);
                break;
            default:
                break;
        }

        string[] lines =
        [
            .. statement.Verdict == Verdict.NotAdvised ? [$"not as advised: {statement.Message}"] : Array.Empty<string>(),
            .. statement.Cases.Select(single => $"{VerdictNames.ForPeople(single.Verdict)}: {single.Name}"),
            .. statement.Choices.Select(choice => $"choice: {choice.Question}: {choice.Answer}"),
        ];
        if (lines.Length > 0)
        {
            xml.WriteElementString("system-out", string.Join('\n', lines.Select(Printable.Of)));
        }

        xml.WriteEndElement();
    }

    private static void StartSuite(XmlWriter xml, SuiteReport report, string name)
    {
        xml.WriteStartElement("testsuite");
        xml.WriteAttributeString("name", Printable.Of(name));
        xml.WriteAttributeString("timestamp", report.Begun.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture));
    }

    private static void StartTest(XmlWriter xml, string suite, string name)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("classname", Printable.Of(suite));
        xml.WriteAttributeString("name", Printable.Of(name));
    }

    private static void WriteOutcome(XmlWriter xml, string element, string message, string? type)
    {
        xml.WriteStartElement(element);
        xml.WriteAttributeString("message", Printable.Of(message));
        if (type is not null)
        {
            xml.WriteAttributeString("type", type);
        }

        xml.WriteEndElement();
    }

    private static void WriteTotals(XmlWriter xml, IReadOnlyCollection<StatementResult> statements, int errors)
    {
        VerdictCounts counts = VerdictCounts.Of(statements);
        xml.WriteAttributeString("tests", XmlConvert.ToString(counts.Total + errors));
        xml.WriteAttributeString("failures", XmlConvert.ToString(counts.Failed));
        xml.WriteAttributeString("errors", XmlConvert.ToString(errors));
        xml.WriteAttributeString("skipped", XmlConvert.ToString(counts.NotTested));
    }

    private static TimeSpan Sum(IEnumerable<TimeSpan> durations) => durations.Aggregate(TimeSpan.Zero, (sum, duration) => sum + duration);

    private static void WriteSeconds(XmlWriter xml, TimeSpan duration) =>
        xml.WriteAttributeString("time", duration.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture));
}
