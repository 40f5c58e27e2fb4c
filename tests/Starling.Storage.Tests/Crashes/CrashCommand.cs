namespace Starling.Storage.Tests.Crashes;

internal static class CrashCommand
{
    public static int Run(ReadOnlySpan<string> args, TextWriter output)
    {
        output.WriteLine(args.Length);
        return 0;
    }
}
