namespace Starling.Storage.Tests.Crashes;

internal static class CrashChild
{
    public static int Run(ReadOnlySpan<string> args) => args.Length;
}
