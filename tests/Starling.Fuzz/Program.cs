using Starling.Fuzz.Fuzzing;
using Xunit.Runner.InProc.SystemConsole;

namespace Starling.Fuzz;

/// <summary>Runs the tests as every test project does, or fuzzes until it is stopped.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args) =>
        args is ["--fuzz", ..] ? FuzzCommand.Run(args.AsSpan(1), Console.Out) : await ConsoleRunner.Run(args).ConfigureAwait(false);
}
