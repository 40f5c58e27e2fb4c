using Starling.Bench.Measuring;
using Starling.Bench.Observing;
using Starling.Bench.Running;

namespace Starling.Bench.Results;

/// <summary>Measures a stretch of a run.</summary>
internal sealed class SectionMeter
{
    private const int NanosecondsPerTick = 100;

    private readonly BenchRun _run;
    private readonly string _name;
    private readonly long _begun;
    private readonly LoadCounts _before;
    private readonly BrokerUsage? _broker;
    private readonly long[] _cpu;
    private readonly long _processCpu;
    private readonly long _allocated;

    /// <summary>Begins.</summary>
    public SectionMeter(BenchRun run, string name)
    {
        _run = run;
        _name = name;
        _broker = run.Broker?.Read();
        _processCpu = OwnCpu();
        _allocated = GC.GetTotalAllocatedBytes();
        _cpu = CpuOfLoops();
        _before = run.Count();
        _begun = run.Clock.Now;
    }

    /// <summary>Ends, and adds the section to the run.</summary>
    public void End()
    {
        long end = _run.Clock.Now;
        LoadCounts after = _run.Count();
        double seconds = Seconds(end);
        long[] cpu = CpuOfLoops();
        _run.Director.Add(new Section
        {
            Name = _name,
            Seconds = seconds,
            SecondsOfSending = Math.Max(0, Seconds(after.LastSend)),
            SecondsOfArrival = Math.Max(0, Seconds(after.LastArrival)),
            Counts = Difference(after, _before),
            LoopShares = [.. cpu.Select((used, i) => (used - _cpu[i]) / (double)Math.Max(1, end - _begun))],
            GeneratorCpu = OwnCpu() - _processCpu,
            GeneratorAllocated = GC.GetTotalAllocatedBytes() - _allocated,
            BrokerBefore = _broker,
            BrokerAfter = _run.Broker?.Read(),
        });
    }

    private double Seconds(long time) => (time - _begun) / (double)BenchClock.PerSecond;

    private long[] CpuOfLoops() => [.. _run.Loops.Select(loop => Volatile.Read(ref loop.Metrics.Counters.Cpu))];

    private static long OwnCpu() => Environment.CpuUsage.TotalTime.Ticks * NanosecondsPerTick;

    private static LoadCounts Difference(LoadCounts after, LoadCounts before) => after with
    {
        Sent = after.Sent - before.Sent,
        Acknowledged = after.Acknowledged - before.Acknowledged,
        Delivered = after.Delivered - before.Delivered,
        DeliveredBytes = after.DeliveredBytes - before.DeliveredBytes,
        Duplicates = after.Duplicates - before.Duplicates,
        Reordered = after.Reordered - before.Reordered,
        Missing = after.Missing - before.Missing,
        Foreign = after.Foreign - before.Foreign,
        Opened = after.Opened - before.Opened,
        Accepted = after.Accepted - before.Accepted,
        Ready = after.Ready - before.Ready,
        Ended = after.Ended - before.Ended,
        Cycles = after.Cycles - before.Cycles,
        Resumed = after.Resumed - before.Resumed,
        HeldBack = after.HeldBack - before.HeldBack,
    };
}
