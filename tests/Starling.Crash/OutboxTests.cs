using Starling.Crash.Outboxes;

namespace Starling.Crash;

/// <summary>
/// A client with an outbox file as a process under load, killed at random moments: every message whose ticket had returned arrives, in
/// order, and QoS 2 once. Many more lives: <c>Starling.Crash --outbox-lives N LAYER SEED</c>.
/// </summary>
public sealed class OutboxTests
{
    private const int Seed = 20_260_201;
    private const int Lives = 8;
    private const int LivesOfBrokenBuilds = 4;

    [Fact]
    public async Task Nothing_enqueued_is_lost_doubled_or_reordered_by_kill() => await FindNothingAsync(OutboxLayer.Plain, Seed);

    [Fact]
    public async Task Nothing_enqueued_is_lost_doubled_or_reordered_by_a_power_cut() => await FindNothingAsync(OutboxLayer.PowerCut, Seed + 1);

    [Fact]
    public async Task A_build_without_the_sync_is_found()
    {
        OutboxTrial trial = await RunAsync(OutboxLayer.PowerCutNoSync, Seed + 2, LivesOfBrokenBuilds);
        Assert.True(trial.Lost > 0, $"No loss was found: {trial}");
    }

    [Fact]
    public async Task A_build_that_forgets_that_PUBREC_came_is_found()
    {
        OutboxTrial trial = await RunAsync(OutboxLayer.ForgetsPubRec, Seed + 3, LivesOfBrokenBuilds);
        Assert.True(trial.Doubled > 0, $"No message of QoS 2 was found to come twice: {trial}");
    }

    private static async Task FindNothingAsync(OutboxLayer layer, int seed)
    {
        OutboxTrial trial = await RunAsync(layer, seed, Lives);
        Assert.True(trial.IsClean && trial.Promised > 0, $"Layer {layer}, seed {seed}: {trial}");
    }

    private static async Task<OutboxTrial> RunAsync(OutboxLayer layer, int seed, int lives)
    {
        OutboxTrial trial = new(layer, seed);
        await trial.RunAsync(lives);
        Console.WriteLine($"counted: outbox, {layer}: {trial}");
        return trial;
    }
}
