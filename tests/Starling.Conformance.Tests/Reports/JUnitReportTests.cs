using System.Globalization;
using System.Xml.Linq;
using Starling.Conformance.Reports;

namespace Starling.Conformance.Tests.Reports;

public sealed class JUnitReportTests
{
    [Fact]
    public void Suites_are_versions_and_sections_and_tests_are_statements()
    {
        XElement root = Parse(SampleReports.One());

        Assert.Equal(
            ["mqtt://one:1883 MQTT 5.0, 3.1 CONNECT", "mqtt://one:1883 MQTT 5.0, 3.3 PUBLISH", "mqtt://one:1883 MQTT 5.0, 3.12 PINGREQ", "mqtt://one:1883 MQTT 3.1.1, 3.12 PINGREQ"],
            root.Elements("testsuite").Select(suite => suite.Attribute("name")?.Value));
        Assert.Equal("MQTT-3.3.1-2 QoS 0 always has DUP 0.", Test(root, SampleReports.Failed).Attribute("name")?.Value);
    }

    [Fact]
    public void Failures_are_failures_and_what_was_not_tested_is_skipped_with_its_reason()
    {
        XElement root = Parse(SampleReports.One());

        Assert.Equal("It fails: what came", Test(root, SampleReports.Failed).Element("failure")?.Attribute("message")?.Value);
        Assert.Equal("no case tries it on a server from outside", Test(root, SampleReports.Untested).Element("skipped")?.Attribute("message")?.Value);
        Assert.Empty(Test(root, SampleReports.Passed).Elements("failure"));
        Assert.Empty(Test(root, SampleReports.Advice).Elements("failure"));
        Assert.Contains("not as advised: It is advised: not so", Test(root, SampleReports.Advice).Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tests", "testcase")]
    [InlineData("failures", "failure")]
    [InlineData("errors", "error")]
    [InlineData("skipped", "skipped")]
    public void Totals_are_those_of_the_elements(string attribute, string element)
    {
        foreach (SuiteReport report in (SuiteReport[])[SampleReports.One(), SampleReports.Two(), SampleReports.Lost()])
        {
            XElement root = Parse(report);
            Assert.All(root.Elements("testsuite").Append(root), part =>
                Assert.Equal(part.Descendants(element).Count(), int.Parse(part.Attribute(attribute)?.Value ?? "", CultureInfo.InvariantCulture)));
        }
    }

    [Fact]
    public void Run_that_was_not_finished_is_an_error()
    {
        XElement error = Parse(SampleReports.Lost()).Descendants("error").Single();

        Assert.Equal(("lost", "it has gone"), (error.Attribute("type")?.Value, error.Attribute("message")?.Value));
    }

    [Fact]
    public void What_a_server_sent_is_still_XML() => Assert.Contains(
        "<script>alert(1)</script> & \"quoted\" \\u0000\\u001B[2J\\u000A\\u202E\\uD800\\uFFFF]]>",
        Test(Parse(SampleReports.One(SampleReports.Hostile)), SampleReports.Failed).Element("failure")?.Attribute("message")?.Value,
        StringComparison.Ordinal);

    private static XElement Parse(SuiteReport report) => XElement.Parse(SampleReports.Text(stream => JUnitReport.Write(report, stream)).TrimStart('\uFEFF'));

    private static XElement Test(XElement root, string id) =>
        root.Descendants("testcase").Single(test => test.Attribute("name")?.Value.StartsWith(id + " ", StringComparison.Ordinal) == true);
}
