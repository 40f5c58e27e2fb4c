using System.Runtime.InteropServices;

namespace Starling.Server;

/// <summary>
/// A shell without job control starts what goes into the background with SIGINT ignored, and .NET leaves it so; scripts that stop programs of C
/// by SIGINT expect it to work.
/// </summary>
internal static partial class IgnoredInterrupt
{
    private const int Interrupt = 2;
    private const nint Default = 0;
    private const nint Ignore = 1;

    // More than a struct sigaction of any system; the handler comes first in all of them.
    private const int ActionBytes = 256;

    /// <summary>Gives SIGINT its meaning back, if it was ignored. Before anything of .NET is registered for it.</summary>
    public static unsafe void Restore()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        byte* action = stackalloc byte[ActionBytes];
        if (SigAction(Interrupt, null, action) == 0 && *(nint*)action == Ignore)
        {
            _ = Signal(Interrupt, Default);
        }
    }

    [LibraryImport("libc", EntryPoint = "sigaction")]
    private static unsafe partial int SigAction(int signal, byte* action, byte* previous);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint Signal(int signal, nint handler);
}
