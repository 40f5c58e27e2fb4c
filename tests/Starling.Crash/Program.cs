using System.Globalization;
using Starling.Crash.Clients;
using Starling.Crash.Rounds;
using Starling.Crash.Serving;
using Xunit.Runner.InProc.SystemConsole;

namespace Starling.Crash;

/// <summary>Runs the tests as every test project does, the broker that they kill, or as many rounds as are asked for; or names a client for a shard.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args) => args switch
    {
        ["--broker", ..] => await BrokerProgram.RunAsync(args[1..]).ConfigureAwait(false),
        ["--rounds", ..] => await CrashCommand.RunAsync(args, Console.Out).ConfigureAwait(false),
        ["--names", var prefix, var shard, var shards] => Print(ShardNames.Make(prefix, int.Parse(shard, CultureInfo.InvariantCulture), int.Parse(shards, CultureInfo.InvariantCulture))),
        _ => await ConsoleRunner.Run(args).ConfigureAwait(false),
    };

    private static int Print(string line)
    {
        Console.WriteLine(line);
        return 0;
    }
}
