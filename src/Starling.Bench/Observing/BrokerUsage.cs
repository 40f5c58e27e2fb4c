namespace Starling.Bench.Observing;

/// <summary>What the server's process has used at a moment.</summary>
/// <param name="CpuNanoseconds">Processor time of all its threads.</param>
/// <param name="ResidentBytes">Memory that is in RAM.</param>
/// <param name="PeakResidentBytes">The most that ever was.</param>
internal readonly record struct BrokerUsage(long CpuNanoseconds, long ResidentBytes, long PeakResidentBytes);
