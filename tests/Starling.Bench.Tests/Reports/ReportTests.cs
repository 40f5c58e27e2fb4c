using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using Starling.Bench.Measuring;
using Starling.Bench.Reports;
using Starling.Bench.Results;
using Starling.Bench.Settings;
using Starling.Bench.Tests.InMemory;
using Starling.Protocol;

namespace Starling.Bench.Tests.Reports;

public sealed class ReportTests
{
    private static readonly BenchResult Result = new InMemoryBench(
        InMemoryBench.Settings(BenchScenario.Pair) with { Qos = QualityOfService.AtLeastOnce, Duration = TimeSpan.FromSeconds(3), Rate = 200, Window = 0 },
        new BrokerEnd()).RunToEnd();

    [Fact]
    public void Json_has_schema_settings_environment_server_figures_and_percentiles()
    {
        using MemoryStream stream = new();
        BenchJson.Write(DocumentWriter.Create(Result, "there:1883", null), stream);

        using JsonDocument json = JsonDocument.Parse(stream.ToArray());
        JsonElement root = json.RootElement;
        Assert.Equal("starling-bench/1", root.GetProperty("schema").GetString());
        Assert.Equal("pair", root.GetProperty("scenario").GetString());
        Assert.True(root.GetProperty("valid").GetBoolean());
        Assert.Equal("there:1883", root.GetProperty("settings").GetProperty("server").GetString());
        Assert.Equal(200, root.GetProperty("settings").GetProperty("rate").GetDouble());
        Assert.Equal(Environment.ProcessorCount, root.GetProperty("environment").GetProperty("cores").GetInt32());
        Assert.Equal("5.0", root.GetProperty("server").GetProperty("mqtt").GetString());
        Assert.Equal(Result.Totals.Sent, root.GetProperty("messages").GetProperty("sent").GetInt64());
        Assert.Equal(Result.Totals.Sent, root.GetProperty("messages").GetProperty("expected").GetInt64());
        JsonElement section = Assert.Single(root.GetProperty("sections").EnumerateArray());
        Assert.InRange(section.GetProperty("sentPerSecond").GetDouble(), 190, 210);
        Assert.Equal(Result.Times[Measure.Delivery].Count, root.GetProperty("latencyMicroseconds").GetProperty("delivery").GetProperty("count").GetInt64());
    }

    [Fact]
    public void Json_is_read_as_it_was_written()
    {
        BenchDocument document = DocumentWriter.Create(Result, "there:1883", "it broke");
        using MemoryStream stream = new();
        BenchJson.Write(document, stream);
        stream.Position = 0;

        BenchDocument read = BenchJson.Read(stream);

        Assert.Equal((document.Failure, document.Settings, document.Messages, document.Begun), (read.Failure, read.Settings, read.Messages, read.Begun));
        Assert.Equal(document.LatencyMicroseconds["delivery"], read.LatencyMicroseconds["delivery"]);
        Assert.All(Comparison.Compare(document, read, 0), figure => Assert.False(figure.IsWorse));
    }

    [Theory]
    [InlineData("{}", "not a result of starling bench")]
    [InlineData("nonsense", "not a result of starling bench")]
    public void What_is_no_result_is_refused(string text, string said)
    {
        using MemoryStream stream = new(Encoding.UTF8.GetBytes(text));

        Assert.Contains(said, Assert.Throws<FormatException>(() => BenchJson.Read(stream)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Result_of_another_schema_is_refused()
    {
        using MemoryStream stream = new();
        BenchJson.Write(DocumentWriter.Create(Result, "there:1883", null) with { Schema = "starling-bench/2" }, stream);
        stream.Position = 0;

        Assert.Equal("it is of schema starling-bench/2, and starling-bench/1 is read here", Assert.Throws<FormatException>(() => BenchJson.Read(stream)).Message);
    }

    [Fact]
    public void Csv_has_a_header_and_a_line_each_second()
    {
        using MemoryStream stream = new();
        CsvReport.Write(Result.Samples, stream);

        string[] lines = Encoding.UTF8.GetString(stream.ToArray()).TrimEnd('\n').Split('\n');
        Assert.StartsWith("seconds,stage,sent_per_s,delivered_per_s,", lines[0], StringComparison.Ordinal);
        Assert.Equal(Result.Samples.Count + 1, lines.Length);
        Assert.All(lines, line => Assert.Equal(lines[0].Count(c => c == ','), line.Count(c => c == ',')));
    }

    [Fact]
    public void Histogram_has_the_percentile_form_and_ends_at_1()
    {
        using MemoryStream stream = new();
        HistogramReport.Write(Result.Times[Measure.Delivery], stream);

        string[] lines = Encoding.UTF8.GetString(stream.ToArray()).TrimEnd('\n').Split('\n');
        Assert.Matches("^ +Value +Percentile +TotalCount +1/\\(1-Percentile\\)$", lines[0]);
        string[] last = lines[^3].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(("1.000000000000", Result.Times[Measure.Delivery].Count), (last[1], long.Parse(last[2], CultureInfo.InvariantCulture)));
        Assert.Matches("^#\\[Mean    = +[0-9.]+, StdDeviation   = +[0-9.]+\\]$", lines[^2]);
        Assert.Matches("^#\\[Max     = +[0-9.]+, Total count    = +[0-9]+\\]$", lines[^1]);
    }

    [Fact]
    public void Text_says_what_was_run_and_what_was_found()
    {
        string text = TextOf(Result);

        Assert.StartsWith("pair on there:1883: 1 publishers, 1 subscribers, QoS 1, 64 bytes, MQTT 5.0, 200 a second, 1 loop\n", text, StringComparison.Ordinal);
        Assert.Matches("(?m)^traffic +[0-9.]+ +[0-9]+ +[0-9]+ ", text);
        Assert.Matches("(?m)^delivery +[0-9]+ +[0-9.]+ ", text);
        Assert.Contains($"messages    {Result.Totals.Sent} sent, {Result.Totals.Sent} delivered, 0 lost, 0 duplicated, 0 reordered\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("INVALID", text, StringComparison.Ordinal);
        Assert.DoesNotContain("BROKEN", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_says_what_speaks_against_the_run()
    {
        string text = TextOf(Result with { Invalid = ["one reason", "another"], Expected = Result.Expected + 3 });

        Assert.Contains("BROKEN: 3 messages of QoS 1 were lost\n", text, StringComparison.Ordinal);
        Assert.Contains("RESULT INVALID: generator saturated: one reason; another\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Figure_is_worse_when_it_is_beyond_the_tolerance_on_the_wrong_side() =>
        Gen.Select(Gen.Double[1, 1e6], Gen.Double[0.5, 1.5], Gen.Double[0, 40]).Sample((old, factor, tolerance) =>
        {
            BenchDocument before = DocumentWith(old, old);
            IReadOnlyList<ComparedFigure> compared = Comparison.Compare(before, DocumentWith(old * factor, old * factor), tolerance);

            Assert.Equal(factor < 1 - (tolerance / 100), compared.Single(figure => figure.Name == "traffic: sent/s").IsWorse);
            Assert.Equal(factor > 1 + (tolerance / 100), compared.Single(figure => figure.Name == "traffic: broker µs").IsWorse);
        });

    [Fact]
    public void Settings_that_differ_are_told()
    {
        BenchDocument document = DocumentWriter.Create(Result, "there:1883", null);

        Assert.Equal(["QoS was 1 and is 2"], Comparison.Differences(document, document with { Settings = document.Settings with { Qos = 2 } }));
    }

    private static string TextOf(BenchResult result)
    {
        using StringWriter writer = new(CultureInfo.InvariantCulture) { NewLine = "\n" };
        TextReport.Write(result, "there:1883", writer);
        return writer.ToString();
    }

    private static BenchDocument DocumentWith(double sent, double cost)
    {
        BenchDocument document = DocumentWriter.Create(Result, "there:1883", null);
        return document with { Sections = [document.Sections[0] with { SentPerSecond = sent, BrokerMicrosecondsPerUnit = cost }] };
    }
}
