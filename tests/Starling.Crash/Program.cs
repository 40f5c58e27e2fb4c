using System.Globalization;
using Starling.Crash.Clients;
using Starling.Crash.Outboxes;
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
        ["--outbox", var layer, var directory, var port, var life, var limit] => await OutboxProgram.RunAsync(
            Enum.Parse<OutboxLayer>(layer), directory, Number(port), Number(life), Number(limit)).ConfigureAwait(false),
        ["--outbox-lives", var lives, var layer, var seed] => await RunOutboxAsync(Enum.Parse<OutboxLayer>(layer, ignoreCase: true), Number(lives), Number(seed)).ConfigureAwait(false),
        ["--rounds", ..] => await CrashCommand.RunAsync(args, Console.Out).ConfigureAwait(false),
        ["--names", var prefix, var shard, var shards] => Print(ShardNames.Make(prefix, Number(shard), Number(shards))),
        _ => await ConsoleRunner.Run(args).ConfigureAwait(false),
    };

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static async Task<int> RunOutboxAsync(OutboxLayer layer, int lives, int seed)
    {
        OutboxTrial trial = new(layer, seed);
        await trial.RunAsync(lives).ConfigureAwait(false);
        return Print($"{trial}") + (trial.IsClean ? 0 : 1);
    }

    private static int Print(string line)
    {
        Console.WriteLine(line);
        return 0;
    }
}
