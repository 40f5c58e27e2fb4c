using Starling.Crash.Rounds;
using Starling.Crash.Serving;
using Xunit.Runner.InProc.SystemConsole;

namespace Starling.Crash;

/// <summary>Runs the tests as every test project does, the broker that they kill, or as many rounds as are asked for.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args) => args switch
    {
        ["--broker", ..] => await BrokerProgram.RunAsync(args[1..]).ConfigureAwait(false),
        ["--rounds", ..] => await CrashCommand.RunAsync(args, Console.Out).ConfigureAwait(false),
        _ => await ConsoleRunner.Run(args).ConfigureAwait(false),
    };
}
