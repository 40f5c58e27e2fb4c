using Starling.Conformance.Reports;
using Starling.Conformance.Running;
using Starling.Protocol;

namespace Starling.Conformance.Tests.Reports;

public sealed class TextReportTests
{
    [Fact]
    public void Each_statement_is_one_line_in_the_order_of_the_specification()
    {
        string[] lines = Write(SampleReports.One())[..4];

        Assert.StartsWith("advice      MQTT-3.1.2-1      ", lines[0], StringComparison.Ordinal);
        Assert.EndsWith(" | It is advised: not so", lines[0], StringComparison.Ordinal);
        Assert.Equal("FAILED      MQTT-3.3.1-2      QoS 0 always has DUP 0. | It fails: what came", lines[1]);
        Assert.Equal("passed      MQTT-3.12.4-1     Answered with PINGRESP.", lines[2]);
        Assert.Equal("not tested  MQTT311-3.12.4-1  PINGREQ is answered with PINGRESP. | no case tries it on a server from outside", lines[3]);
    }

    [Fact]
    public void Counts_are_by_section_by_version_and_in_all()
    {
        string[] lines = Write(SampleReports.One());

        Assert.Contains(lines, line => Words(line) is ["3.3", "PUBLISH", "0", "1", "0", "0"]);
        Assert.Contains(lines, line => Words(line) is ["MQTT", "5.0", "1", "1", "1", "0"]);
        Assert.Contains(lines, line => Words(line) is ["MQTT", "3.1.1", "0", "0", "0", "1"]);
        Assert.Contains(lines, line => Words(line) is ["All", "1", "1", "1", "1"]);
        Assert.Equal(["mqtt://one:1883: 4 cases in 12.3 s.", "1 statement is broken."], lines[^2..]);
    }

    [Fact]
    public void Choices_are_listed() => Assert.Contains("  says: what came", Write(SampleReports.One()));

    [Fact]
    public void Quiet_has_only_failures_and_counts()
    {
        string[] lines = Write(SampleReports.One(), isQuiet: true);

        Assert.StartsWith("FAILED", lines[0], StringComparison.Ordinal);
        Assert.DoesNotContain(lines, line => line.StartsWith("advice", StringComparison.Ordinal) || line.Contains("says", StringComparison.Ordinal));
        Assert.Contains(lines, line => Words(line) is ["All", "1", "1", "1", "1"]);
    }

    [Fact]
    public void Several_servers_stand_side_by_side()
    {
        string[] lines = Write(SampleReports.Two());

        Assert.Equal(["[1] mqtt://one:1883", "[2] mqtt://two:1884"], lines[..2]);
        Assert.Equal("FAILED      FAILED      MQTT-3.3.1-2      QoS 0 always has DUP 0. | [1] It fails: what came | [2] It fails: something else", lines[3]);
    }

    [Fact]
    public void Run_that_was_not_finished_says_so() => Assert.Equal("Not complete: it has gone.", Write(SampleReports.Lost())[^1]);

    [Fact]
    public void Version_that_is_not_spoken_says_so()
    {
        SuiteResult result = SampleReports.Result() with { UnspokenVersions = new Dictionary<MqttVersion, string> { [MqttVersion.V31] = "it hung up" } };

        Assert.Contains("MQTT 3.1 was not tested: it hung up.", Write(new SuiteReport("tool", default, [result])));
    }

    [Fact]
    public void What_a_server_sent_cannot_steer_the_terminal()
    {
        string text = string.Join('\n', Write(SampleReports.One(SampleReports.Hostile)));

        Assert.DoesNotContain(text, c => c != '\n' && (char.IsControl(c) || char.IsSurrogate(c) || c == '\u202E'));
        Assert.Contains("\\u001B[2J\\u000A\\u202E\\uD800\\uFFFF", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_message_is_cut()
    {
        string line = Write(SampleReports.One(new string('x', 5000)))[1];

        Assert.InRange(line.Length, 400, 600);
        Assert.EndsWith("… (all of it: --json, --html)", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Colours_are_there_only_when_asked_for()
    {
        Assert.Contains("\e[1;31mFAILED    \e[0m", string.Join('\n', Write(SampleReports.One(), isColoured: true)), StringComparison.Ordinal);
        Assert.DoesNotContain(string.Join('\n', Write(SampleReports.One())), c => c == '\e');
    }

    private static string[] Write(SuiteReport report, bool isQuiet = false, bool isColoured = false)
    {
        using StringWriter writer = new() { NewLine = "\n" };
        new TextReport(writer, isQuiet, isColoured).Write(report);
        return writer.ToString().TrimEnd('\n').Split('\n');
    }

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
