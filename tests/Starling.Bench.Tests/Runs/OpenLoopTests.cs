using Starling.Bench.Loads;
using Starling.Bench.Measuring;
using Starling.Bench.Results;
using Starling.Bench.Settings;
using Starling.Bench.Tests.InMemory;
using Starling.Protocol;

namespace Starling.Bench.Tests.Runs;

/// <summary>Runs at a rate, on virtual time.</summary>
public sealed class OpenLoopTests
{
    private static readonly BenchSettings Settings = InMemoryBench.Settings(BenchScenario.Pair) with
    {
        Publishers = 4,
        Subscribers = 4,
        Rate = 1000,
        Window = 0,
        Duration = TimeSpan.FromSeconds(2),
    };

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Loops_together_have_evenly_spaced_messages(int loops)
    {
        OpenLoopSchedule[] schedules = [.. Enumerable.Range(0, loops).Select(place => new OpenLoopSchedule(5000, 1000, place, loops))];

        long[] due = [.. schedules.SelectMany(schedule => Enumerable.Range(0, 100).Select(number => schedule.DueOf(number))).Order()];

        Assert.Equal(Enumerable.Range(0, loops * 100).Select(number => 5000 + (number * 1_000_000L)), due);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 2)]
    public void Rate_is_met_when_the_server_keeps_up(int qos, int loops)
    {
        BenchResult result = new InMemoryBench(Settings with { Qos = (QualityOfService)qos, Loops = loops }, new BrokerEnd()).RunToEnd();

        Assert.InRange(result.Totals.Sent, 1990, 2010);
        Assert.True(result.IsValid, string.Join("; ", result.Invalid));
        Assert.InRange(result.Times[Measure.Delivery].Largest, 0, 5_000_000);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Stall_of_the_server_is_seen_in_the_times_of_all_messages_that_were_due_meanwhile(int qos)
    {
        const int StallMilliseconds = 500;
        BrokerEnd server = new();
        InMemoryBench bench = new(Settings with { Qos = (QualityOfService)qos, InFlight = 5 }, server);

        BenchResult result = bench.RunToEnd(millisecond => server.IsStalled = millisecond is >= 1000 and < 1000 + StallMilliseconds);

        LatencyHistogram times = result.Times[Measure.Delivery];
        Assert.InRange(times.Largest, (StallMilliseconds - 2) * 1_000_000L, (StallMilliseconds + 10) * 1_000_000L);

        // 500 of 2000 messages fell into the stall, and waited 250 ms in the mean.
        Assert.InRange(times.ValueAt(0.875), 230_000_000, 270_000_000);
        Assert.InRange(times.ValueAt(0.7), 0, 5_000_000);
        Assert.InRange(times.Mean, 55_000_000, 70_000_000);
        Assert.InRange(result.Totals.Sent, 1990, 2010);
        Assert.True(result.IsValid, string.Join("; ", result.Invalid));
    }

    [Fact]
    public void Server_that_holds_messages_back_does_not_make_the_generator_late()
    {
        BrokerEnd server = new();
        InMemoryBench bench = new(Settings with { Qos = QualityOfService.AtLeastOnce, InFlight = 1 }, server);

        BenchResult result = bench.RunToEnd(millisecond => server.IsStalled = millisecond is >= 1000 and < 1500);

        Assert.InRange(result.Totals.HeldBack, 480_000_000, 600_000_000);
        Assert.InRange(result.Times[Measure.Lateness].ValueAt(0.99), 0, 3_000_000);
        Assert.True(result.IsValid, string.Join("; ", result.Invalid));
    }

    [Fact]
    public void Rate_that_a_server_does_not_take_is_no_fault_of_the_generator()
    {
        BrokerEnd server = new();
        InMemoryBench bench = new(Settings with { Qos = QualityOfService.AtLeastOnce, InFlight = 1 }, server);

        BenchResult result = bench.RunToEnd(millisecond => server.IsStalled = millisecond is >= 500 and < 5000);

        Assert.InRange(result.Totals.Sent, 400, 700);
        Assert.True(result.IsValid, string.Join("; ", result.Invalid));
    }

    [Fact]
    public void Loop_that_has_no_time_left_makes_the_run_invalid()
    {
        InMemoryBench bench = new(Settings, new BrokerEnd());

        BenchResult result = bench.RunToEnd(millisecond => bench.ThreadClocks[0].Nanoseconds = millisecond * 900_000);

        Assert.False(result.IsValid);
        Assert.Contains("a loop used 9", Assert.Single(result.Invalid), StringComparison.Ordinal);
    }

    [Fact]
    public void Loop_that_is_as_busy_without_a_rate_is_no_fault()
    {
        InMemoryBench bench = new(Settings with { Rate = 0, Window = 100 }, new BrokerEnd());

        BenchResult result = bench.RunToEnd(millisecond => bench.ThreadClocks[0].Nanoseconds = millisecond * 990_000);

        Assert.True(result.IsValid);
        Assert.InRange(result.Sections[0].LoopShares[0], 0.9, 1.1);
    }

    [Fact]
    public void Churn_at_a_rate_counts_from_when_each_cycle_was_due()
    {
        BrokerEnd server = new();
        BenchSettings settings = InMemoryBench.Settings(BenchScenario.Churn) with { Clients = 5, Rate = 100, Duration = TimeSpan.FromSeconds(2) };
        InMemoryBench bench = new(settings, server);

        BenchResult result = bench.RunToEnd(millisecond => server.IsStalled = millisecond is >= 500 and < 900);

        Assert.InRange(result.Totals.Cycles, 190, 201);
        Assert.InRange(result.Times[Measure.Cycle].Largest, 390_000_000, 450_000_000);
    }

    [Fact]
    public void Each_second_is_a_sample()
    {
        InMemoryBench bench = new(Settings with { Duration = TimeSpan.FromSeconds(3) }, new BrokerEnd());

        bench.RunToEnd();

        Assert.InRange(bench.Samples.Count, 3, 4);
        Assert.All(bench.Samples.Skip(1).Take(2), sample => Assert.InRange(sample.SentPerSecond, 990, 1010));
        Assert.All(bench.Samples.Skip(1).Take(2), sample => Assert.InRange(sample.DeliveredPerSecond, 980, 1020));
    }
}
