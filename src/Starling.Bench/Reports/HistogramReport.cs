using System.Globalization;
using Starling.Bench.Measuring;

namespace Starling.Bench.Reports;

/// <summary>A histogram in the percentile form that plotters of .hgrm files read. Values are in milliseconds.</summary>
internal static class HistogramReport
{
    private const double PerMillisecond = 1e6;

    public static void Write(LatencyHistogram times, Stream destination)
    {
        using StreamWriter writer = new(destination, leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine("       Value     Percentile TotalCount 1/(1-Percentile)");
        writer.WriteLine();
        foreach ((long value, long countUpTo) in times.Steps())
        {
            double share = (double)countUpTo / times.Count;
            string inverse = countUpTo == times.Count ? "" : string.Create(CultureInfo.InvariantCulture, $" {1 / (1 - share),14:0.00}");
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{value / PerMillisecond,12:0.000000} {share,2:0.000000000000} {countUpTo,10}{inverse}"));
        }

        writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"#[Mean    = {times.Mean / PerMillisecond,12:0.000000}, StdDeviation   = {Deviation(times) / PerMillisecond,12:0.000000}]"));
        writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"#[Max     = {times.Largest / PerMillisecond,12:0.000000}, Total count    = {times.Count,12}]"));
    }

    private static double Deviation(LatencyHistogram times)
    {
        double squares = 0;
        long before = 0;
        foreach ((long value, long countUpTo) in times.Steps())
        {
            squares += (value - times.Mean) * (value - times.Mean) * (countUpTo - before);
            before = countUpTo;
        }

        return times.Count == 0 ? 0 : Math.Sqrt(squares / times.Count);
    }
}
