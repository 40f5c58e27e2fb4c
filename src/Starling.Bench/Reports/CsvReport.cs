using System.Globalization;
using Starling.Bench.Results;

namespace Starling.Bench.Reports;

/// <summary>One line a second, with a header. Times are in microseconds, shares of a processor from 0 to 1.</summary>
internal static class CsvReport
{
    private const string Header =
        "seconds,stage,sent_per_s,delivered_per_s,connected_per_s,p50_us,p99_us,max_us,missing,reordered,duplicates,generator_share,"
        + "broker_processors,broker_resident_bytes";

    public static void Write(IEnumerable<Sample> samples, Stream destination)
    {
        using StreamWriter writer = new(destination, leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine(Header);
        foreach (Sample sample in samples)
        {
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{sample.At:0.000},{sample.Stage},{sample.SentPerSecond:0.0},{sample.DeliveredPerSecond:0.0},{sample.ConnectsPerSecond:0.0},"
                + $"{sample.P50 / 1e3:0.0},{sample.P99 / 1e3:0.0},{sample.Largest / 1e3:0.0},"
                + $"{sample.Totals.Missing},{sample.Totals.Reordered},{sample.Totals.Duplicates},"
                + $"{sample.GeneratorShare:0.000},{sample.BrokerProcessors:0.000},{sample.Broker?.ResidentBytes}"));
        }
    }
}
