using System.Diagnostics;
using System.Globalization;

namespace Starling.ClientHost;

/// <summary>What a stretch of messages cost this process.</summary>
internal sealed record Measured(int Messages, double Seconds, double ProcessorSeconds, long AllocatedBytes)
{
    public string ToJson() => string.Create(
        CultureInfo.InvariantCulture,
        $"{{\"messages\":{Messages},\"seconds\":{Seconds},\"cpu_s\":{ProcessorSeconds},\"allocated_bytes\":{AllocatedBytes}}}");

    /// <summary>The beginning of a stretch.</summary>
    public sealed class Start
    {
        private readonly long _timestamp = Stopwatch.GetTimestamp();
        private readonly TimeSpan _processor = Environment.CpuUsage.TotalTime;
        private readonly long _allocatedBytes = GC.GetTotalAllocatedBytes(precise: true);

        public Measured End(int messages) => new(
            messages,
            Stopwatch.GetElapsedTime(_timestamp).TotalSeconds,
            (Environment.CpuUsage.TotalTime - _processor).TotalSeconds,
            GC.GetTotalAllocatedBytes(precise: true) - _allocatedBytes);
    }
}
