using System.Globalization;
using Starling.Bench.Results;
using Starling.Bench.Settings;

namespace Starling.Cli.Progress;

/// <summary>One second of a run in one line.</summary>
internal static class BenchLine
{
    public static string Of(Sample sample, BenchSettings settings)
    {
        string target = settings.IsOpenLoop ? string.Create(CultureInfo.InvariantCulture, $" of {settings.Rate:0.###}") : "";
        string traffic = settings.Scenario is BenchScenario.Conn or BenchScenario.Churn
            ? string.Create(CultureInfo.InvariantCulture, $"{sample.ConnectsPerSecond:0}{target} connected/s, {sample.Totals.Accepted} in all")
            : string.Create(CultureInfo.InvariantCulture, $"{sample.SentPerSecond:0}{target} sent/s, {sample.DeliveredPerSecond:0} delivered/s");
        string server = sample.BrokerProcessors is { } processors ? string.Create(CultureInfo.InvariantCulture, $", broker {processors:P0}") : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"bench {sample.At,4:0} s {sample.Stage}: {traffic}, p50 {sample.P50 / 1e3:0} µs, p99 {sample.P99 / 1e3:0} µs, max {sample.Largest / 1e3:0} µs, "
            + $"missing {sample.Totals.Missing}, duplicated {sample.Totals.Duplicates}, reordered {sample.Totals.Reordered}, generator {sample.GeneratorShare:P0}{server}");
    }
}
