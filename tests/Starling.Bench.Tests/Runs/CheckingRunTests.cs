using Starling.Bench.Results;
using Starling.Bench.Running;
using Starling.Bench.Settings;
using Starling.Bench.Tests.InMemory;
using Starling.Protocol;

namespace Starling.Bench.Tests.Runs;

/// <summary>What a run says of servers that do what they must not.</summary>
public sealed class CheckingRunTests
{
    private const int Messages = 1000;

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    public void Loss_is_counted_and_breaks_a_promise_above_QoS_0(int qos, int promises)
    {
        BenchResult result = RunOf(qos, new FaultyEnd { DropEvery = 100 });

        Assert.Equal((Messages, Messages - 10, 10), (result.Totals.Sent, result.Totals.Delivered, result.Lost));
        Assert.Equal(promises, result.Broken.Count);
        Assert.All(result.Broken, broken => Assert.Equal($"10 messages of QoS {qos} were lost", broken));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    public void Duplicates_are_counted_and_break_a_promise_at_QoS_2(int qos, int promises)
    {
        BenchResult result = RunOf(qos, new FaultyEnd { DoubleEvery = 100 });

        Assert.Equal((Messages, 0, 10), (result.Totals.Delivered, result.Lost, result.Totals.Duplicates));
        Assert.Equal(promises, result.Broken.Count);
        Assert.All(result.Broken, broken => Assert.Equal("10 messages of QoS 2 arrived twice", broken));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    public void Wrong_order_is_counted_and_breaks_a_promise_above_QoS_0(int qos, int promises)
    {
        BenchResult result = new InMemoryBench(Settings(qos) with { Publishers = 1 }, new FaultyEnd { SwapEvery = 50 }).RunToEnd();

        Assert.InRange(result.Totals.Reordered, 19, 20);
        Assert.Equal(0, result.Totals.Duplicates);
        Assert.Equal(promises, result.Broken.Count(broken => broken.EndsWith("out of order", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_a_server_drops_at_QoS_0_does_not_hold_the_window_for_ever()
    {
        BenchSettings settings = Settings(0) with { Window = 10, Publishers = 1, Messages = 100 };

        BenchResult result = new InMemoryBench(settings, new FaultyEnd { DropEvery = 2 }).RunToEnd();

        Assert.Equal((100, 50), (result.Totals.Sent, result.Lost));
    }

    [Theory]
    [InlineData(0x86, ReasonCode.BadUserNameOrPassword)]
    [InlineData(0x97, ReasonCode.QuotaExceeded)]
    public void Refused_connection_ends_the_run(byte code, ReasonCode reason)
    {
        BenchResult result = RunOf(0, new FaultyEnd { ConnAckReason = code });

        Assert.Equal(new RunFailure(FailureKind.Refused, reason), result.Failure);
        Assert.Equal(0, result.Totals.Sent);
    }

    [Fact]
    public void Refused_subscription_ends_the_run()
    {
        BenchResult result = RunOf(0, new FaultyEnd { SubAckReason = 0x87 });

        Assert.Equal(new RunFailure(FailureKind.SubscribeRefused, ReasonCode.NotAuthorized), result.Failure);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Refused_message_ends_the_run(int qos)
    {
        BenchResult result = RunOf(qos, new FaultyEnd { PublishReason = 0x97 });

        Assert.Equal(new RunFailure(FailureKind.PublishRefused, ReasonCode.QuotaExceeded), result.Failure);
    }

    [Fact]
    public void Lost_connection_ends_the_run_with_what_was_measured()
    {
        BenchResult result = RunOf(1, new FaultyEnd { CloseAfter = 500 });

        Assert.Equal(FailureKind.Lost, result.Failure?.Kind);
        Assert.InRange(Assert.Single(result.Sections).Counts.Delivered, 400, 500);
        Assert.Empty(result.Broken);
    }

    [Fact]
    public void Server_that_never_answers_is_given_up()
    {
        BenchResult result = RunOf(1, new FaultyEnd { IsSilent = true });

        Assert.Equal(FailureKind.Stalled, result.Failure?.Kind);
    }

    [Fact]
    public void Stop_ends_a_run_early_with_what_was_measured()
    {
        InMemoryBench bench = new(Settings(1) with { Messages = 0, Duration = TimeSpan.FromHours(1) }, new FaultyEnd());

        BenchResult result = bench.RunToEnd(millisecond =>
        {
            if (millisecond == 300)
            {
                bench.Run.RequestStop();
            }
        });

        Assert.InRange(bench.Elapsed, 300, 400);
        Assert.True(result.IsInterrupted);
        Assert.InRange(Assert.Single(result.Sections).Counts.Delivered, 1, long.MaxValue);
        Assert.Equal((0, result.Totals.Opened), (result.Lost, result.Totals.Ended));
    }

    private static BenchSettings Settings(int qos) => InMemoryBench.Settings(BenchScenario.FanIn) with
    {
        Qos = (QualityOfService)qos,
        Publishers = 2,
        Messages = Messages,
        Duration = TimeSpan.Zero,
    };

    private static BenchResult RunOf(int qos, FaultyEnd server) => new InMemoryBench(Settings(qos), server).RunToEnd();
}
