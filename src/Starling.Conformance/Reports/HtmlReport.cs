using System.Globalization;
using Starling.Conformance.Running;
using Starling.Protocol;

namespace Starling.Conformance.Reports;

/// <summary>Runs as one HTML page that needs nothing else: several servers side by side, to read, to filter and to unfold.</summary>
internal sealed class HtmlReport
{
    private readonly SuiteReport _report;
    private readonly HtmlText _html;
    private readonly HtmlStatements _statements;

    private HtmlReport(SuiteReport report, TextWriter output)
    {
        _report = report;
        _html = new HtmlText(output);
        _statements = new HtmlStatements(report, _html);
    }

    public static void Write(SuiteReport report, Stream output)
    {
        using StreamWriter writer = new(output, leaveOpen: true) { NewLine = "\n" };
        new HtmlReport(report, writer).WritePage();
    }

    private void WritePage()
    {
        _html.Raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        _html.Raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        _html.Raw("<meta name=\"color-scheme\" content=\"light dark\">\n<link rel=\"icon\" href=\"data:,\">\n<title>");
        _html.Text($"MQTT conformance of {string.Join(", ", _report.Results.Select(result => result.Target))}");
        _html.Raw("</title>\n<style>\n").Raw(HtmlText.Resource("report.css")).Raw("</style>\n</head>\n<body>\n");
        _html.Raw(FormattableString.Invariant($"<main style=\"--brokers:{_report.Results.Count}\">\n"));
        WriteIntroduction();
        WriteBrokers();
        WriteSections();
        WriteChoices();
        _statements.Write();
        _html.Raw("</main>\n<script>\n").Raw(HtmlText.Resource("report.js")).Raw("</script>\n</body>\n</html>\n");
    }

    private void WriteIntroduction()
    {
        string versions = string.Join(", ", _report.Versions.Select(Greeting.NameOf));
        _html.Raw("<header>\n<h1>MQTT conformance</h1>\n<p class=\"faint\">");
        string begun = _report.Begun.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        _html.Text($"{_report.Statements.Count} statements of MQTT {versions}. ");
        _html.Text($"{_report.Tool}, {begun} UTC.");
        _html.Raw("</p>\n</header>\n");
    }

    private void WriteBrokers()
    {
        _html.Raw("<div class=\"brokers\">\n");
        for (int i = 0; i < _report.Results.Count; i++)
        {
            SuiteResult result = _report.Results[i];
            _html.Raw("<section class=\"card\">\n<h2>").Raw(_statements.TagOf(i)).Text(result.Target).Raw("</h2>\n");
            string colour = result.HasFailure || result.Abort is not null ? "failed-text" : "passed-text";
            _html.Raw($"<p class=\"conclusion {colour}\">").Text(SuiteReport.Conclude(result)).Raw("</p>\n");
            WriteBar(VerdictCounts.Of(result.Statements));
            WriteVersions(result);
            string took = FormattableString.Invariant($"{SuiteReport.Cases(result.Cases.Count)} in {result.Duration.TotalSeconds:0.0} s.");
            _html.Raw("<p class=\"faint\">").Text(took).Raw("</p>\n</section>\n");
        }

        _html.Raw("</div>\n");
    }

    private void WriteVersions(SuiteResult result)
    {
        _html.Raw("<table>\n<tr><th>Version</th><th>passed</th><th>failed</th><th>advice</th><th>not tested</th></tr>\n");
        foreach (MqttVersion version in _report.Versions)
        {
            VerdictCounts counts = VerdictCounts.Of(result.Statements.Where(statement => statement.Statement.Version == version));
            _html.Raw("<tr><td>").Text(Greeting.NameOf(version)).Raw("</td>");
            WriteCount(counts.Passed, "passed-text");
            WriteCount(counts.Failed, "failed-text");
            WriteCount(counts.NotAdvised, "advice-text");
            WriteCount(counts.NotTested, "");
            _html.Raw("</tr>\n");
        }

        _html.Raw("</table>\n");
        foreach ((MqttVersion version, string why) in result.UnspokenVersions)
        {
            _html.Raw("<p class=\"faint\">").Text($"MQTT {Greeting.NameOf(version)} was not tested: {why}.").Raw("</p>\n");
        }
    }

    private void WriteCount(int count, string colour) =>
        _html.Raw(FormattableString.Invariant($"<td{(count > 0 && colour.Length > 0 ? $" class=\"{colour}\"" : "")}>{count}</td>"));

    private void WriteSections()
    {
        _html.Raw("<h2>By section</h2>\n<div class=\"scroll card\">\n<table class=\"sections\">\n<tr><th>Section</th>");
        for (int i = 0; i < _report.Results.Count; i++)
        {
            _html.Raw("<th>").Raw(_statements.TagOf(i)).Text(_report.Results[i].Target).Raw("</th>");
        }

        _html.Raw("</tr>\n");
        IReadOnlyList<IGrouping<Chapter, StatementResult>>[] columns = [.. _report.Results.Select(SuiteReport.ByChapter)];
        MqttVersion? version = null;
        for (int row = 0; row < columns[0].Count; row++)
        {
            Chapter chapter = columns[0][row].Key;
            if (chapter.Version != version)
            {
                version = chapter.Version;
                _html.Raw("<tr class=\"version\"><td colspan=\"99\">").Text($"MQTT {Greeting.NameOf(chapter.Version)}").Raw("</td></tr>\n");
            }

            _html.Raw($"<tr><td><a href=\"#{HtmlText.AnchorOf(chapter)}\">").Text(chapter.Name).Raw("</a></td>");
            foreach (IReadOnlyList<IGrouping<Chapter, StatementResult>> column in columns)
            {
                WriteSectionCounts(VerdictCounts.Of(column[row]));
            }

            _html.Raw("</tr>\n");
        }

        _html.Raw("</table>\n</div>\n");
    }

    private void WriteChoices()
    {
        (MqttVersion Version, string Question)[] questions =
        [
            .. from version in _report.Versions
               let choices = _report.Results.SelectMany(result => SuiteReport.ChoicesOf(result, version))
               from question in choices.Select(choice => choice.Key).Distinct().Order(StringComparer.Ordinal)
               select (version, question),
        ];
        if (questions.Length == 0)
        {
            return;
        }

        _html.Raw("<h2>Where the specification leaves a choice</h2>\n<div class=\"scroll card\">\n<table class=\"sections\">\n");
        _html.Raw("<tr><th>Version</th><th>The broker</th>");
        for (int i = 0; i < _report.Results.Count; i++)
        {
            _html.Raw("<th>").Raw(_statements.TagOf(i)).Text(_report.Results[i].Target).Raw("</th>");
        }

        _html.Raw("</tr>\n");
        foreach ((MqttVersion version, string question) in questions)
        {
            _html.Raw("<tr><td>").Text(Greeting.NameOf(version)).Raw("</td><td>").Text(question).Raw("</td>");
            foreach (SuiteResult result in _report.Results)
            {
                IEnumerable<string> answers = SuiteReport.ChoicesOf(result, version).Where(choice => choice.Key == question).SelectMany(choice => choice);
                string said = string.Join("; ", answers.Order(StringComparer.Ordinal));
                _html.Raw("<td>").Text(said.Length == 0 ? "–" : said).Raw("</td>");
            }

            _html.Raw("</tr>\n");
        }

        _html.Raw("</table>\n</div>\n");
    }

    private void WriteSectionCounts(VerdictCounts counts)
    {
        _html.Raw("<td>");
        WriteBar(counts);
        (int Count, string Word, string Colour)[] parts =
        [
            (counts.Passed, "passed", "passed-text"), (counts.Failed, "failed", "failed-text"),
            (counts.NotAdvised, "advice", "advice-text"), (counts.NotTested, "not tested", "faint"),
        ];
        IEnumerable<string> said = parts
            .Where(part => part.Count > 0)
            .Select(part => FormattableString.Invariant($"<span class=\"{part.Colour}\">{part.Count} {part.Word}</span>"));
        _html.Raw(string.Join(", ", said)).Raw("</td>");
    }

    private void WriteBar(VerdictCounts counts)
    {
        _html.Raw("<div class=\"bar\" aria-hidden=\"true\">");
        foreach ((int count, string name) in (ReadOnlySpan<(int, string)>)
            [(counts.Passed, "passed"), (counts.NotAdvised, "advice"), (counts.Failed, "failed"), (counts.NotTested, "untested")])
        {
            if (count > 0)
            {
                _html.Raw(FormattableString.Invariant($"<i class=\"{name}\" style=\"flex:{count}\"></i>"));
            }
        }

        _html.Raw("</div>\n");
    }
}
