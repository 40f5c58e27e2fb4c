using Spectre.Console;
using Spectre.Console.Rendering;
using Starling.Bench.Results;
using Starling.Bench.Settings;

namespace Starling.Cli.Progress;

/// <summary>One second of a run as a block for a terminal.</summary>
internal static class BenchBlock
{
    private const double BytesPerMebibyte = 1 << 20;

    public static IRenderable Of(Sample? sample, BenchSettings settings)
    {
        string title = $"bench {ScenarioNames.Of(settings.Scenario)}";
        if (sample is null)
        {
            return new Text($"{title}: connecting");
        }

        Grid grid = new();
        grid.AddColumn(new GridColumn().NoWrap());
        grid.AddColumn(new GridColumn());
        string target = settings.IsOpenLoop ? Line($" of {settings.Rate:0.###} intended") : "";
        Add(title, Line($"{sample.At:0} s, {sample.Stage}"));
        if (settings.Scenario is BenchScenario.Conn or BenchScenario.Churn)
        {
            Add("connected/s", Line($"{sample.ConnectsPerSecond:0}{target}, {sample.Totals.Accepted} in all"));
        }
        else
        {
            Add("sent/s", Line($"{sample.SentPerSecond:0}{target}, {sample.Totals.Sent} in all"));
            Add("delivered/s", Line($"{sample.DeliveredPerSecond:0}, {sample.Totals.Delivered} in all"));
        }

        Add("times", Line($"p50 {sample.P50 / 1e3:0} µs, p99 {sample.P99 / 1e3:0} µs, max {sample.Largest / 1e3:0} µs"));
        Add("checks", Line($"{sample.Totals.Missing} missing, {sample.Totals.Duplicates} duplicated, {sample.Totals.Reordered} reordered"));
        bool isSaturated = settings.IsOpenLoop && sample.GeneratorShare > GeneratorCheck.LoopShareMax;
        Add("generator", Line($"{sample.GeneratorShare:P0} of a processor{(isSaturated ? ", RESULT INVALID: generator saturated" : "")}"));
        if (sample is { BrokerProcessors: { } processors, Broker: { } broker })
        {
            Add("broker", Line($"{processors:P0} of a processor, {broker.ResidentBytes / BytesPerMebibyte:0.0} MiB"));
        }

        return grid;

        void Add(string name, string value) => grid.AddRow(new Text(name, new Style(decoration: Decoration.Bold)), new Text(value));
    }

    private static string Line(FormattableString text) => FormattableString.Invariant(text);
}
