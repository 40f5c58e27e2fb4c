using Starling.Crash.Ledger;
using Starling.Crash.Rounds;
using Starling.Crash.Serving;

namespace Starling.Crash;

/// <summary>
/// The broker as a process under load, killed at random moments. Thousands of rounds: see <see cref="CrashCommand"/>. The rounds of a
/// broken build are the proof that these tests can fail.
/// </summary>
public sealed class CrashTests
{
    private const int Seed = 20_260_101;
    private const int Rounds = 8;
    private const int RoundsOfBrokenBuilds = 5;
    private const int SyncDelay = 3;

    [Fact]
    public async Task Nothing_acknowledged_is_lost_by_kill() => await FindNothingAsync(new TrialOptions(FileLayer.Plain, Seed));

    [Fact]
    public async Task Nothing_acknowledged_is_lost_by_a_power_cut() =>
        await FindNothingAsync(new TrialOptions(FileLayer.PowerCut, Seed + 1) { SyncDelay = 1 });

    [Fact]
    public async Task A_build_without_the_sync_is_found() =>
        await FindLossAsync(new TrialOptions(FileLayer.PowerCutNoSync, Seed + 2));

    [Fact]
    public async Task A_build_that_acknowledges_before_the_sync_is_found() =>
        await FindLossAsync(new TrialOptions(FileLayer.EarlyAck, Seed + 3) { SyncDelay = SyncDelay });

    [Fact]
    public async Task A_build_that_only_remembers_is_found_in_its_first_round()
    {
        Tally tally = new();
        await using Trial trial = new(new TrialOptions(FileLayer.Memory, Seed + 4), tally);
        Assert.Equal(1, await trial.RunAsync(Rounds));
        Report("memory alone, killed", tally, trial.Findings);
        Assert.True(trial.Findings.CountOf(Fault.Lost) > 0, "Nothing was lost.");
        Assert.True(trial.Findings.CountOf(Fault.Session) > 0, "No session was lost.");
    }

    [Fact]
    public async Task Nothing_is_lost_or_doubled_when_only_connections_end() =>
        await FindNothingAsync(new TrialOptions(FileLayer.Memory, Seed + 5) { IsKilling = false });

    private static async Task FindNothingAsync(TrialOptions options)
    {
        Tally tally = new();
        await using Trial trial = new(options, tally);
        int rounds = await trial.RunAsync(Rounds);
        Report(options.IsKilling ? $"{options.Layer}, killed" : $"{options.Layer}, cut off", tally, trial.Findings);
        Assert.True(trial.Findings.IsEmpty, $"Layer {options.Layer}, seed {options.Seed}, round {rounds}:\n{trial.Findings}");
    }

    private static async Task FindLossAsync(TrialOptions options)
    {
        Tally tally = new();
        await using Trial trial = new(options, tally);
        await trial.RunAsync(RoundsOfBrokenBuilds);
        Report($"{options.Layer}, broken on purpose", tally, trial.Findings);
        int lost = trial.Findings.CountOf(Fault.Lost) + trial.Findings.CountOf(Fault.Session) + trial.Findings.CountOf(Fault.Retained);
        Assert.True(lost > 0, $"The loss was not found in {RoundsOfBrokenBuilds} rounds: {trial.Findings}");
    }

    private static void Report(string what, Tally tally, Findings findings) => Console.WriteLine($"counted: {what}: {tally.Summary(findings)}");
}
