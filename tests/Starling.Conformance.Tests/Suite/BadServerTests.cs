using Starling.Conformance.Running;
using Starling.Conformance.Targets;
using Starling.Protocol;

namespace Starling.Conformance.Tests.Suite;

/// <summary>Servers that do not let a run go as it should: each gets a verdict, soon, and no connection stays behind.</summary>
public sealed class BadServerTests
{
    private const int LevelOffset = 8;

    private static readonly ConformanceCase Stuck = new(
        "stuck", ["MQTT-3.12.4-1"], run => new TaskCompletionSource().Task.WaitAsync(run.Cancellation));

    private static readonly ConformanceCase Stumbling = new(
        "stumbling", ["MQTT-3.12.4-1"], run => throw new ArgumentOutOfRangeException(nameof(run)));

    private static readonly ConformanceCase Losing = new("losing", ["MQTT-3.12.4-1"], async run =>
    {
        await run.OpenAsync();
        throw new TargetLostException("gone");
    });

    [Fact]
    public async Task Server_that_answers_nothing_any_more_is_lost_and_breaks_no_statement()
    {
        int connections = 0;
        AnsweringTarget target = new(_ => Interlocked.Increment(ref connections) == 1 ? [0x20, 3, 0, 0, 0] : []);

        SuiteResult result = await new SuiteRunner(target, new SuiteOptions { Versions = [MqttVersion.V5] })
            .RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(SuiteAbortKind.Lost, result.Abort?.Kind);
        Assert.StartsWith("answering answers a plain CONNECT no more: ", result.Abort?.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(result.Statements, statement => statement.Verdict == Verdict.Failed);
        Assert.Equal(0, target.Open);
    }

    [Theory]
    [InlineData(new byte[] { 0x20, 2, 0, 5 })]
    [InlineData(new byte[] { 0x20, 2, 0, 1 })]
    [InlineData(new byte[] { })]
    [InlineData(null)]
    public async Task Server_that_refuses_one_version_is_tested_in_the_others(byte[]? refusal)
    {
        AnsweringTarget target = new(sent => (sent[0] >> 4) switch
        {
            1 => sent[LevelOffset] switch
            {
                5 => [0x20, 3, 0, 0, 0],
                4 => [0x20, 2, 0, 0],
                _ => refusal,
            },
            12 => [0xD0, 0],
            14 => null,
            _ => [],
        });
        SuiteOptions options = new() { IsWanted = statement => statement.Id is "MQTT-3.12.4-1" or "MQTT311-3.12.4-1" or "MQTT31-4" };

        SuiteResult result = await new SuiteRunner(target, options).RunAsync(TestContext.Current.CancellationToken);

        Assert.Null(result.Abort);
        Assert.Equal([MqttVersion.V31], result.UnspokenVersions.Keys);
        Assert.Equal([true, true, false], result.Statements.Select(statement => statement.Verdict != Verdict.NotTested));
    }

    [Fact]
    public async Task Case_that_hangs_fails_when_its_time_is_over()
    {
        CaseResult result = await CaseRunner.RunAsync(Stuck, Context(), TestContext.Current.CancellationToken);

        Assert.Equal((Verdict.Failed, "it was not over after 0 s"), (result.Verdict, result.Message));
    }

    [Fact]
    public async Task Case_that_cannot_read_what_came_fails_alone()
    {
        CaseResult result = await CaseRunner.RunAsync(Stumbling, Context(), TestContext.Current.CancellationToken);

        Assert.Equal(Verdict.Failed, result.Verdict);
        Assert.StartsWith("the case cannot read what came: ", result.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Case_that_loses_its_target_leaves_no_connection()
    {
        SuiteContext context = Context();

        await Assert.ThrowsAsync<TargetLostException>(() => CaseRunner.RunAsync(Losing, context, TestContext.Current.CancellationToken));

        Assert.Equal(0, ((AnsweringTarget)context.Target).Open);
    }

    [Fact]
    public async Task Cancelled_run_is_no_failure()
    {
        using CancellationTokenSource cancelled = new();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => CaseRunner.RunAsync(Stuck, Context(), cancelled.Token));
    }

    [Fact]
    public async Task Variants_stop_after_a_handful_of_failures()
    {
        await using CaseRun run = new(Context(), TestContext.Current.CancellationToken);

        CaseFailedException failure = await Assert.ThrowsAsync<CaseFailedException>(() => run.EachAsync(
            Enumerable.Range(0, 100), number => $"{number}", _ => throw new CaseFailedException("wrong")));

        string[] parts = failure.Message.Split("; ");
        int failed = parts.Count(part => part.EndsWith(": wrong", StringComparison.Ordinal));
        Assert.InRange(failed, 5, 8);
        Assert.Equal($"{100 - failed} more were not tried", parts[^1]);
    }

    private static SuiteContext Context() => new(
        new AnsweringTarget(_ => []),
        new SuiteOptions { CaseTimeout = TimeSpan.FromMilliseconds(50) },
        MqttVersion.V5,
        new ServerProfile());
}
