namespace Starling.Bench.Reports;

/// <summary>Times in microseconds in a JSON file.</summary>
internal sealed record LatencyPart(long Count, double Mean, double P50, double P90, double P99, double P999, double P9999, double Max);
