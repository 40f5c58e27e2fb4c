using System.Runtime.InteropServices;

namespace Starling.Bench.Observing;

/// <summary>Processor time as Linux counts it, to the nanosecond.</summary>
internal static unsafe partial class NativeClock
{
    private const int ThreadClock = 3;
    private const int ProcessClockKind = 2;

    /// <summary>Of the calling thread; -1 when the system does not tell.</summary>
    public static long OfThread() => Read(ThreadClock);

    /// <summary>Of all threads of a process; -1 when there is no such process.</summary>
    public static long OfProcess(int processId) => Read((~processId << 3) | ProcessClockKind);

    private static long Read(int clock)
    {
        Time time;
        return GetTime(clock, &time) == 0 ? (time.Seconds * BenchClock.PerSecond) + time.Nanoseconds : -1;
    }

    [LibraryImport("libc.so.6", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, Time* time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
