using Starling.Bench.Results;
using Starling.Bench.Running;
using Starling.Protocol;

namespace Starling.Bench.Stages;

/// <summary>Lets time pass while clients are there.</summary>
internal sealed class HoldStage(BenchRun run) : IStage
{
    private SectionMeter? _meter;
    private long? _end;

    public string Name => "hold";

    public void Begin() => _meter = new SectionMeter(run, Name);

    public long? Advance(in Instant now)
    {
        _end ??= now.MonotonicMilliseconds + (long)run.Settings.Duration.TotalMilliseconds;
        if (now.MonotonicMilliseconds < _end)
        {
            return _end;
        }

        _meter?.End();
        return null;
    }

    public bool TryFinish() => false;

    public void Abort() => _meter?.End();
}
