using System.Globalization;
using Starling.Crash.Ledger;
using Starling.Crash.Serving;

namespace Starling.Crash.Rounds;

/// <summary>As many rounds as are asked for, a new data directory every few of them.</summary>
internal static class CrashCommand
{
    private const int Failed = 1;
    private const int WrongUse = 64;
    private const int RoundsPerDirectory = 25;

    private const string Usage =
        "usage: Starling.Crash --rounds N [--layer plain|powercut|powercutnosync|earlyack|memory] [--seed S] [--sync-delay MS]\n"
        + "       [--acknowledgements MAX] [--kill true|false] [--keep-going true|false] [--verbose true|false] [--folder FOLDER]";

    /// <returns>0: nothing was wrong; 1: something was; 64: wrong use.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output)
    {
        TrialOptions options = new(FileLayer.Plain, 1);
        int rounds = 0;
        bool isKeptGoing = false;
        for (int i = 0; i < args.Length; i += 2)
        {
            string value = i + 1 < args.Length ? args[i + 1] : "";
            bool isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number);
            bool isRead = (args[i], isNumber) switch
            {
                ("--rounds", true) => (rounds = number) > 0,
                ("--keep-going", false) => bool.TryParse(value, out isKeptGoing),
                _ => Read(ref options, args[i], value, isNumber ? number : null),
            };
            if (!isRead)
            {
                await output.WriteLineAsync(Usage).ConfigureAwait(false);
                return WrongUse;
            }
        }

        return await RunAsync(options, rounds, isKeptGoing, output).ConfigureAwait(false);
    }

    private static bool Read(ref TrialOptions options, string name, string value, int? number)
    {
        TrialOptions? read = (name, number) switch
        {
            ("--layer", null) when Enum.TryParse(value, ignoreCase: true, out FileLayer layer) => options with { Layer = layer },
            ("--seed", { } seed) => options with { Seed = seed },
            ("--sync-delay", { } delay) => options with { SyncDelay = delay },
            ("--acknowledgements", > 0 and { } most) => options with { AcknowledgementsMax = most },
            ("--kill", null) when bool.TryParse(value, out bool isKilling) => options with { IsKilling = isKilling },
            ("--verbose", null) when bool.TryParse(value, out bool isVerbose) => options with { Log = isVerbose ? Console.Error.WriteLine : null },
            ("--folder", null) when value.Length > 0 => options with { Folder = value },
            _ => null,
        };
        options = read ?? options;
        return read is not null;
    }

    private static async Task<int> RunAsync(TrialOptions options, int rounds, bool isKeptGoing, TextWriter output)
    {
        Tally tally = new();
        Findings findings = new();
        for (int seed = options.Seed; tally[Count.Rounds] < rounds && (findings.IsEmpty || isKeptGoing); seed++)
        {
            Trial trial = new(options with { Seed = seed }, tally);
            await using (trial.ConfigureAwait(false))
            {
                int asked = (int)Math.Min(RoundsPerDirectory, rounds - tally[Count.Rounds]);
                int done = await trial.RunAsync(asked).ConfigureAwait(false);
                if (!trial.Findings.IsEmpty)
                {
                    await output.WriteLineAsync($"seed {seed}, round {done}: {trial.Findings}").ConfigureAwait(false);
                    findings.AddAll(trial.Findings);
                }
            }

            await output.WriteLineAsync($"{options.Layer} up to seed {seed}: {tally.Summary(findings)}").ConfigureAwait(false);
        }

        return findings.IsEmpty ? 0 : Failed;
    }
}
