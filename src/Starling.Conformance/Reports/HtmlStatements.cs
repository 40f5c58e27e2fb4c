using System.Globalization;
using Starling.Conformance.Running;
using Starling.Conformance.Specification;
using Starling.Protocol;

namespace Starling.Conformance.Reports;

/// <summary>The part of the page with every statement: filters, and a row to unfold for each.</summary>
internal sealed class HtmlStatements(SuiteReport report, HtmlText html)
{
    private const int ChoicesShownMax = 3;

    public void Write()
    {
        html.Raw("<h2>Statements</h2>\n");
        WriteFilters();
        IEnumerable<int> indices = Enumerable.Range(0, report.Statements.Count);
        foreach (IGrouping<Chapter, int> chapter in indices.GroupBy(i => Chapter.Of(report.Statements[i])))
        {
            string anchor = HtmlText.AnchorOf(chapter.Key);
            html.Raw($"<section class=\"part\" id=\"{anchor}\" data-sections=\"{anchor} {Greeting.NameOf(chapter.Key.Version)}\">\n<h3>");
            html.Text(chapter.Key.FullName).Raw("</h3>\n<div class=\"list\">\n");
            html.Raw("<div class=\"row head\"><span>Statement</span><span>Rule</span>");
            for (int i = 0; i < report.Results.Count; i++)
            {
                html.Raw("<span>").Raw(TagOf(i)).Text(report.Results.Count == 1 ? "Verdict" : ShortName(i)).Raw("</span>");
            }

            html.Raw("<span>Choices</span></div>\n");
            foreach (int index in chapter)
            {
                WriteStatement(report.Statements[index], [.. report.Results.Select(result => result.Statements[index])]);
            }

            html.Raw("</div>\n</section>\n");
        }
    }

    /// <summary>The letter that stands for a target where there are several.</summary>
    public string TagOf(int index) => report.Results.Count == 1 ? "" : $"<span class=\"tag\">{Letter(index)}</span> ";

    private static string Letter(int index) =>
        index < 26 ? ((char)('A' + index)).ToString() : (index + 1).ToString(CultureInfo.InvariantCulture);

    private string ShortName(int index)
    {
        string name = report.Results[index].Target;
        int scheme = name.IndexOf("://", StringComparison.Ordinal);
        return scheme < 0 ? name : name[(scheme + 3)..];
    }

    private void WriteFilters()
    {
        html.Raw("<form class=\"filters\" id=\"filters\">\n");
        html.Raw("<input id=\"text\" type=\"search\" placeholder=\"Id, rule, message…\" aria-label=\"Text\">\n");
        html.Raw("<select id=\"verdict\" aria-label=\"Verdict\"><option value=\"\">every verdict</option>");
        html.Raw("<option value=\"failed\">failed</option><option value=\"advice\">advice</option>");
        html.Raw("<option value=\"untested\">not tested</option><option value=\"passed\">passed</option>");
        html.Raw(report.Results.Count > 1 ? "<option value=\"differ\">brokers differ</option></select>\n" : "</select>\n");
        html.Raw("<select id=\"section\" aria-label=\"Section\"><option value=\"\">every section</option>\n");
        foreach (MqttVersion version in report.Versions)
        {
            string name = Greeting.NameOf(version);
            html.Raw($"<option value=\"{name}\">MQTT {name}</option>\n");
            foreach (Chapter chapter in report.Statements.Select(Chapter.Of).Where(chapter => chapter.Version == version).Distinct())
            {
                html.Raw($"<option value=\"{HtmlText.AnchorOf(chapter)}\">").Text(chapter.FullName).Raw("</option>\n");
            }
        }

        html.Raw("</select>\n<button type=\"button\" id=\"unfold\">Unfold</button>\n");
        html.Raw("<span id=\"shown\" class=\"faint\" aria-live=\"polite\"></span>\n</form>\n");
    }

    private void WriteStatement(Statement statement, StatementResult[] row)
    {
        string verdicts = string.Join(' ', row.Select(result => ClassOf(result.Verdict)));
        html.Raw($"<details id=\"{statement.Id}\" data-verdicts=\"{verdicts}\">\n<summary class=\"row\">");
        html.Raw($"<span class=\"id\">{statement.Id}</span><span>").Text(statement.Rule).Raw("</span>");
        for (int i = 0; i < row.Length; i++)
        {
            html.Raw("<span>");
            if (row.Length > 1)
            {
                html.Raw("<span class=\"who\">").Raw(TagOf(i)).Text(ShortName(i)).Raw("</span>");
            }

            WriteChip(row[i].Verdict);
            html.Raw("</span>");
        }

        WriteChoices(row);
        html.Raw("</summary>\n<div class=\"inside\">\n<p class=\"faint\">");
        html.Text($"{statement.Topic}; binds {statement.Binds}. Seen by: {statement.How}").Raw("</p>\n");
        for (int i = 0; i < row.Length; i++)
        {
            WriteCases(i, row[i]);
        }

        html.Raw("</div>\n</details>\n");
    }

    private void WriteChoices(StatementResult[] row)
    {
        html.Raw("<span class=\"choices\">");
        string[] questions = [.. row.SelectMany(result => result.Choices).Select(choice => choice.Question).Distinct()];
        foreach (string question in questions.Take(ChoicesShownMax))
        {
            string[] answers = [.. row.Select(result => AnswersOf(result, question))];
            html.Raw("<div>").Text($"{question}: ");
            bool isSame = answers.Distinct().Count() == 1;
            for (int i = 0; i < (isSame ? 1 : answers.Length); i++)
            {
                html.Raw(isSame ? "<b>" : $"{TagOf(i)}<b>").Text(answers[i].Length == 0 ? "–" : answers[i]).Raw("</b> ");
            }

            html.Raw("</div>");
        }

        int left = questions.Length - ChoicesShownMax;
        html.Raw(left > 0 ? FormattableString.Invariant($"<div>and {left} more</div></span>") : "</span>");
    }

    private static string AnswersOf(StatementResult result, string question) =>
        string.Join("; ", result.Choices.Where(choice => choice.Question == question).Select(choice => choice.Answer));

    private void WriteCases(int index, StatementResult result)
    {
        html.Raw(report.Results.Count == 1 ? "" : "<h4>");
        if (report.Results.Count > 1)
        {
            html.Raw(TagOf(index)).Text(report.Results[index].Target).Raw("</h4>\n");
        }

        if (result.Cases.Count == 0)
        {
            html.Raw("<p class=\"message\">").Text(result.Message).Raw("</p>\n");
            return;
        }

        html.Raw("<ul>\n");
        foreach (CaseResult single in result.Cases)
        {
            html.Raw("<li>");
            WriteChip(single.Verdict);
            html.Raw(" ").Text(single.Name);
            html.Raw(FormattableString.Invariant($" <span class=\"faint\">{single.Duration.TotalSeconds:0.00} s</span>"));
            if (single.Message.Length > 0)
            {
                html.Raw($"<span class=\"message {ClassOf(single.Verdict)}\">").Text(single.Message).Raw("</span>");
            }

            foreach (Choice choice in single.Choices)
            {
                html.Raw("<span class=\"message\">").Text($"{choice.Question}: {choice.Answer}").Raw("</span>");
            }

            html.Raw("</li>\n");
        }

        html.Raw("</ul>\n");
    }

    private void WriteChip(Verdict verdict) =>
        html.Raw($"<span class=\"chip {ClassOf(verdict)}\">{VerdictNames.ForPeople(verdict).ToLowerInvariant()}</span>");

    private static string ClassOf(Verdict verdict) => verdict switch
    {
        Verdict.Passed => "passed",
        Verdict.Failed => "failed",
        Verdict.NotAdvised => "advice",
        _ => "untested",
    };
}
