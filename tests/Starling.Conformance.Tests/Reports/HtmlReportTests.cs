using System.Text.RegularExpressions;
using Starling.Conformance.Reports;

namespace Starling.Conformance.Tests.Reports;

public sealed class HtmlReportTests
{
    [Fact]
    public void It_needs_nothing_but_itself()
    {
        string page = Write(SampleReports.Two());

        Assert.DoesNotMatch(new Regex("https?://|src=|@import|url\\(|<link(?! rel=\"icon\" href=\"data:,\")"), page);
    }

    [Fact]
    public void Each_statement_can_be_unfolded_linked_to_and_filtered()
    {
        string page = Write(SampleReports.Two());

        Assert.Contains("<details id=\"MQTT-3.3.1-2\" data-verdicts=\"failed failed\">", page, StringComparison.Ordinal);
        Assert.Contains("<details id=\"MQTT-3.12.4-1\" data-verdicts=\"passed passed\">", page, StringComparison.Ordinal);
        Assert.Contains("<section class=\"part\" id=\"v5.0-3.3\" data-sections=\"v5.0-3.3 5.0\">", page, StringComparison.Ordinal);
        Assert.Contains("<a href=\"#v5.0-3.3\">3.3 PUBLISH</a>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Servers_stand_side_by_side()
    {
        string page = Write(SampleReports.Two());

        Assert.Contains("style=\"--brokers:2\"", page, StringComparison.Ordinal);
        Assert.Contains("<span class=\"tag\">A</span> mqtt://one:1883", page, StringComparison.Ordinal);
        Assert.Contains("<span class=\"tag\">B</span> mqtt://two:1884", page, StringComparison.Ordinal);
        Assert.Contains("says: <span class=\"tag\">A</span> <b>what came</b> <span class=\"tag\">B</span> <b>something else</b>", page, StringComparison.Ordinal);
        Assert.Contains("<option value=\"differ\">", page, StringComparison.Ordinal);
    }

    [Fact]
    public void One_server_has_no_letters() => Assert.DoesNotContain("<span class=\"tag\">", Write(SampleReports.One()), StringComparison.Ordinal);

    [Fact]
    public void Run_that_was_not_finished_says_so() =>
        Assert.Contains("failed-text\">Not complete: it has gone.</p>", Write(SampleReports.Lost()), StringComparison.Ordinal);

    [Fact]
    public void What_a_server_sent_is_text()
    {
        string page = Write(SampleReports.One(SampleReports.Hostile));

        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;quoted&quot; \\u0000\\u001B[2J", page, StringComparison.Ordinal);
    }

    private static string Write(SuiteReport report) => SampleReports.Text(stream => HtmlReport.Write(report, stream));
}
