namespace Starling.Bench.Tests.Loads;

/// <summary>A clock of nanoseconds that goes on by 200 µs when it is told to.</summary>
internal sealed class StepTime : TimeProvider
{
    private const long StepNanoseconds = 200_000;

    private long _now = 1;

    public override long TimestampFrequency => 1_000_000_000;

    public override long GetTimestamp() => _now;

    public void Step() => _now += StepNanoseconds;
}
