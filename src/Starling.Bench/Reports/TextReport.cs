using System.Globalization;
using Starling.Bench.Measuring;
using Starling.Bench.Results;
using Starling.Bench.Settings;

namespace Starling.Bench.Reports;

/// <summary>A result for people.</summary>
internal static class TextReport
{
    private const double BytesPerMebibyte = 1 << 20;

    public static void Write(BenchResult result, string server, TextWriter output)
    {
        output.WriteLine($"{ScenarioNames.Of(result.Settings.Scenario)} on {server}: {Describe(result.Settings)}");
        WriteSections(result, output);
        WriteTimes(result, output);
        output.WriteLine();
        LoadCounts totals = result.Totals;
        if (totals.Sent > 0 || totals.Delivered > 0)
        {
            output.WriteLine(Line($"messages    {totals.Sent} sent, {totals.Delivered} delivered, {result.Lost} lost, {totals.Duplicates} duplicated, {totals.Reordered} reordered{Foreign(totals)}"));
        }

        WriteProcesses(result, output);
        foreach (string broken in result.Broken)
        {
            output.WriteLine($"BROKEN: {broken}");
        }

        if (!result.IsValid)
        {
            output.WriteLine($"RESULT INVALID: generator saturated: {string.Join("; ", result.Invalid)}");
        }
    }

    private static string Describe(BenchSettings settings)
    {
        string who = settings.Scenario switch
        {
            BenchScenario.Conn or BenchScenario.Churn => Line($"{settings.Clients} clients"),
            BenchScenario.Pub => Line($"{settings.Publishers} publishers"),
            BenchScenario.Sub => Line($"{settings.Subscribers} subscribers"),
            BenchScenario.RequestResponse => Line($"{settings.Clients} requesters, {settings.Subscribers} responders"),
            _ => Line($"{settings.Publishers} publishers, {settings.Subscribers} subscribers"),
        };
        string how = settings.IsOpenLoop
            ? Line($"{settings.Rate:0.###} a second")
            : Line($"as fast as it goes, {(settings.Window > 0 ? $"window {settings.Window}" : $"{settings.InFlight} in flight")}");
        string what = settings.Scenario == BenchScenario.Conn ? "" : Line($", QoS {(int)settings.Qos}, {settings.Sizes.Text} bytes");
        return $"{who}{what}, MQTT {VersionNames.Of(settings.Version)}, {how}, {settings.Loops} {(settings.Loops == 1 ? "loop" : "loops")}";
    }

    private static void WriteSections(BenchResult result, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine(
            $"{"section",-12}{"seconds",9}{"sent/s",12}{"delivered/s",13}{"connected/s",13}{"cycles/s",10}{"broker µs",11}{"generator µs",14}");
        foreach (Section section in result.Sections)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{section.Name,-12}{section.Seconds,9:0.00}{Or(section.Counts.Sent, section.SentPerSecond),12}"
                + $"{Or(section.Counts.Delivered, section.DeliveredPerSecond),13}{Or(section.Counts.Accepted, section.AcceptedPerSecond),13}"
                + $"{Or(section.Counts.Cycles, section.CyclesPerSecond),10}{section.BrokerMicrosecondsPerUnit,11:0.000}{section.GeneratorMicrosecondsPerUnit,14:0.000}"));
        }
    }

    private static void WriteTimes(BenchResult result, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine($"{"times in µs",-17}{"count",12}{"mean",11}{"p50",11}{"p90",11}{"p99",11}{"p99.9",11}{"max",11}");
        foreach ((Measure measure, LatencyHistogram times) in result.Times)
        {
            LatencyPart part = DocumentWriter.Create(times);
            output.WriteLine(Line(
                $"{MeasureNames.Of(measure),-17}{part.Count,12}{part.Mean,11:0.0}{part.P50,11:0.0}{part.P90,11:0.0}{part.P99,11:0.0}{part.P999,11:0.0}{part.Max,11:0.0}"));
        }
    }

    private static void WriteProcesses(BenchResult result, TextWriter output)
    {
        if (result.Sections is not [var first, ..])
        {
            return;
        }

        Section last = result.Sections[^1];
        if (first.BrokerBefore is { } before && last.BrokerAfter is { } after)
        {
            string connection = result.BytesPerConnection is { } bytes ? Line($", {bytes:0} bytes a connection") : "";
            output.WriteLine(Line(
                $"broker      {(after.CpuNanoseconds - before.CpuNanoseconds) / 1e9:0.00} s of processor time, memory {before.ResidentBytes / BytesPerMebibyte:0.0} MiB before, {after.ResidentBytes / BytesPerMebibyte:0.0} MiB after, {after.PeakResidentBytes / BytesPerMebibyte:0.0} MiB at most{connection}"));
        }

        IEnumerable<string> shares = Enumerable.Range(0, first.LoopShares.Count)
            .Select(loop => Line($"{result.Sections.Max(section => section.LoopShares[loop]):P0}"));
        output.WriteLine($"generator   {string.Join(", ", shares)} of a processor{(first.LoopShares.Count > 1 ? " by loop" : "")}");
    }

    private static string Foreign(LoadCounts totals) => totals.Foreign == 0 ? "" : Line($", {totals.Foreign} of others");

    private static string Or(long count, double figure) => count == 0 ? "" : Line($"{figure:0}");

    private static string Line(FormattableString text) => FormattableString.Invariant(text);
}
