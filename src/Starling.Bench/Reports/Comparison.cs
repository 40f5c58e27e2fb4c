using System.Globalization;

namespace Starling.Bench.Reports;

/// <summary>Compares a result with an earlier one.</summary>
internal static class Comparison
{
    /// <summary>The figures that both have, in order.</summary>
    /// <param name="old">The earlier result.</param>
    /// <param name="current">The new one.</param>
    /// <param name="tolerancePercent">By so much a figure may be worse.</param>
    public static IReadOnlyList<ComparedFigure> Compare(BenchDocument old, BenchDocument current, double tolerancePercent)
    {
        List<ComparedFigure> figures = [];
        foreach (SectionPart section in current.Sections)
        {
            if (old.Sections.FirstOrDefault(other => other.Name == section.Name) is { } before)
            {
                Add($"{section.Name}: sent/s", before.SentPerSecond, section.SentPerSecond, isMoreBetter: true);
                Add($"{section.Name}: delivered/s", before.DeliveredPerSecond, section.DeliveredPerSecond, isMoreBetter: true);
                Add($"{section.Name}: connected/s", before.ConnectedPerSecond, section.ConnectedPerSecond, isMoreBetter: true);
                Add($"{section.Name}: cycles/s", before.CyclesPerSecond, section.CyclesPerSecond, isMoreBetter: true);
                Add($"{section.Name}: broker µs", before.BrokerMicrosecondsPerUnit, section.BrokerMicrosecondsPerUnit, isMoreBetter: false);
            }
        }

        foreach ((string name, LatencyPart times) in current.LatencyMicroseconds)
        {
            // How late the generator was is no figure of the server.
            if (name != "lateness" && old.LatencyMicroseconds.TryGetValue(name, out LatencyPart? before))
            {
                Add($"{name}: p50 µs", before.P50, times.P50, isMoreBetter: false);
                Add($"{name}: p99 µs", before.P99, times.P99, isMoreBetter: false);
            }
        }

        Add("lost", old.Messages.Lost, current.Messages.Lost, isMoreBetter: false);
        Add("bytes a connection", old.BytesPerConnection, current.BytesPerConnection, isMoreBetter: false);
        return figures;

        void Add(string name, double? before, double? after, bool isMoreBetter)
        {
            if (before is { } earlier && after is { } now)
            {
                figures.Add(new ComparedFigure(name, earlier, now, IsWorse(earlier, now, isMoreBetter, tolerancePercent)));
            }
        }
    }

    /// <summary>What differs in the settings, so that the figures are hardly comparable: each a line for people.</summary>
    public static IReadOnlyList<string> Differences(BenchDocument old, BenchDocument current)
    {
        List<string> differences = [];
        SettingsPart before = old.Settings;
        SettingsPart after = current.Settings;
        Add("MQTT", before.Mqtt, after.Mqtt);
        Add("clients", Text(before.Clients), Text(after.Clients));
        Add("publishers", Text(before.Publishers), Text(after.Publishers));
        Add("subscribers", Text(before.Subscribers), Text(after.Subscribers));
        Add("size", before.Size, after.Size);
        Add("rate", Text(before.Rate), Text(after.Rate));
        Add("QoS", Text(before.Qos), Text(after.Qos));
        Add("in flight", Text(before.Inflight), Text(after.Inflight));
        Add("window", Text(before.Window), Text(after.Window));
        Add("loops", Text(before.Loops), Text(after.Loops));
        return differences;

        void Add(string name, string earlier, string now)
        {
            if (earlier != now)
            {
                differences.Add($"{name} was {earlier} and is {now}");
            }
        }
    }

    public static void Write(IReadOnlyList<ComparedFigure> figures, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine($"{"compared",-28}{"old",14}{"new",14}{"change",10}");
        foreach (ComparedFigure figure in figures)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{figure.Name,-28}{figure.Old,14:0.###}{figure.New,14:0.###}{figure.ChangePercent,9:+0.0;-0.0;0.0}%{(figure.IsWorse ? "  WORSE" : "")}"));
        }
    }

    private static bool IsWorse(double old, double current, bool isMoreBetter, double tolerancePercent) => isMoreBetter
        ? current < old * (1 - (tolerancePercent / 100))
        : current > old * (1 + (tolerancePercent / 100));

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
