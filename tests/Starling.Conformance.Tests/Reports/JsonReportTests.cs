using System.Text.Json;
using Starling.Conformance.Reports;

namespace Starling.Conformance.Tests.Reports;

public sealed class JsonReportTests
{
    [Fact]
    public void It_has_the_documented_form()
    {
        JsonElement root = Parse(SampleReports.One());
        JsonElement target = root.GetProperty("targets")[0];

        Assert.Equal(["format", "tool", "begun", "targets"], Names(root));
        Assert.Equal(1, root.GetProperty("format").GetInt32());
        Assert.Equal(
            ["target", "complete", "abort", "durationSeconds", "counts", "versions", "sections", "statements", "cases"], Names(target));
        Assert.Equal(["passed", "failed", "not-advised", "not-tested"], Names(target.GetProperty("counts")));
        Assert.Equal(["version", "spoken", "message", "counts"], Names(target.GetProperty("versions")[0]));
        Assert.Equal(["version", "section", "title", "counts"], Names(target.GetProperty("sections")[0]));
        Assert.Equal(
            ["id", "version", "section", "binds", "topic", "rule", "verdict", "message", "choices", "cases"], Names(target.GetProperty("statements")[0]));
        Assert.Equal(["name", "version", "statements", "verdict", "message", "choices", "durationSeconds"], Names(target.GetProperty("cases")[0]));
        Assert.Equal(["question", "answer"], Names(target.GetProperty("cases")[0].GetProperty("choices")[0]));
    }

    [Fact]
    public void Verdicts_have_the_documented_words() => Assert.Equal(
        ["not-advised", "failed", "passed", "not-tested"],
        Parse(SampleReports.One()).GetProperty("targets")[0].GetProperty("statements").EnumerateArray().Select(s => s.GetProperty("verdict").GetString()));

    [Fact]
    public void Each_server_is_a_target() => Assert.Equal(
        ["mqtt://one:1883", "mqtt://two:1884"], Parse(SampleReports.Two()).GetProperty("targets").EnumerateArray().Select(t => t.GetProperty("target").GetString()));

    [Fact]
    public void Run_that_was_not_finished_is_not_complete()
    {
        JsonElement target = Parse(SampleReports.Lost()).GetProperty("targets")[0];

        Assert.False(target.GetProperty("complete").GetBoolean());
        Assert.Equal("lost", target.GetProperty("abort").GetProperty("kind").GetString());
        Assert.Equal("it has gone", target.GetProperty("abort").GetProperty("message").GetString());
    }

    [Fact]
    public void What_a_server_sent_breaks_nothing() => Assert.Contains(
        "<script>alert(1)</script> & \"quoted\" \\u0000\\u001B[2J\\u000A\\u202E\\uD800\\uFFFF]]>",
        Parse(SampleReports.One(SampleReports.Hostile)).GetProperty("targets")[0].GetProperty("statements")[1].GetProperty("message").GetString(),
        StringComparison.Ordinal);

    private static JsonElement Parse(SuiteReport report)
    {
        using JsonDocument document = JsonDocument.Parse(SampleReports.Text(stream => JsonReport.Write(report, stream)));
        return document.RootElement.Clone();
    }

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(property => property.Name);
}
