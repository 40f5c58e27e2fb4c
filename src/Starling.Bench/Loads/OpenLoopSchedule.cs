namespace Starling.Bench.Loads;

/// <summary>When the messages of one loop are to be sent: at even distances, and between those of the other loops.</summary>
/// <param name="start">The begin in nanoseconds.</param>
/// <param name="rate">Messages a second of all loops.</param>
/// <param name="place">Which of the loops that publish it is, from 0.</param>
/// <param name="loops">How many publish.</param>
internal readonly struct OpenLoopSchedule(long start, double rate, int place, int loops)
{
    private readonly double _step = BenchClock.PerSecond / rate;

    /// <summary>When the message with this number, from 0, is to be sent.</summary>
    public long DueOf(long number) => start + (long)(((number * loops) + place) * _step);
}
