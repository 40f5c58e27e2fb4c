using Starling.Storage.Tests.Crashes;
using Starling.Storage.Tests.Golden;
using Xunit.Runner.InProc.SystemConsole;

namespace Starling.Storage.Tests;

/// <summary>Runs the tests as every test project does, or crash rounds until their number is reached, or is what is killed in one.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args) => args switch
    {
        ["--crash-child", ..] => CrashChild.Run(args.AsSpan(1)),
        ["--crash-rounds", ..] => CrashCommand.Run(args.AsSpan(1), Console.Out),
        ["--golden", string folder] => await GoldenData.WriteAsync(folder),
        _ => await ConsoleRunner.Run(args).ConfigureAwait(false),
    };
}
