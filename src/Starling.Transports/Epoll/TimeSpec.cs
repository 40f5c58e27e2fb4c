using System.Runtime.InteropServices;

namespace Starling.Transports.Epoll;

/// <summary>A time as the kernel takes it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct TimeSpec
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    private readonly nint _seconds;
    private readonly nint _nanoseconds;

    private TimeSpec(nint seconds, nint nanoseconds)
    {
        _seconds = seconds;
        _nanoseconds = nanoseconds;
    }

    public static TimeSpec Of(long nanoseconds) =>
        new((nint)(nanoseconds / NanosecondsPerSecond), (nint)(nanoseconds % NanosecondsPerSecond));
}
