using Starling.Bench.Measuring;
using Starling.Bench.Results;
using Starling.Bench.Settings;
using Starling.Bench.Tests.InMemory;

namespace Starling.Bench.Tests.Reports;

public sealed class GeneratorCheckTests
{
    private static readonly BenchSettings Paced = InMemoryBench.Settings(BenchScenario.Pair) with { Rate = 1000, Duration = TimeSpan.FromSeconds(10) };

    [Fact]
    public void Run_that_met_everything_is_valid() => Assert.Empty(Find(Paced, SectionWith(10_000, 0.5), LatenessOf(1_000_000)));

    [Theory]
    [InlineData(0.84, 0)]
    [InlineData(0.86, 1)]
    public void Loop_may_use_85_percent(double share, int reasons) => Assert.Equal(reasons, Find(Paced, SectionWith(10_000, share), null).Count);

    [Theory]
    [InlineData(4_900_000, 0)]
    [InlineData(5_100_000, 1)]
    public void The_hundredth_part_of_the_messages_may_be_5_ms_late(long late, int reasons) =>
        Assert.Equal(reasons, Find(Paced, SectionWith(10_000, 0.5), LatenessOf(late)).Count);

    [Theory]
    [InlineData(9_910, 0, 0)]
    [InlineData(9_890, 0, 1)]
    [InlineData(9_890, 200_000_000, 0)]
    public void Rate_must_be_reached_unless_the_server_held_back(long sent, long heldBack, int reasons) =>
        Assert.Equal(reasons, Find(Paced, SectionWith(sent, 0.5, heldBack), null).Count);

    [Fact]
    public void Without_a_rate_there_is_no_limit() => Assert.Empty(Find(Paced with { Rate = 0 }, SectionWith(10, 1), LatenessOf(1_000_000_000)));

    private static IReadOnlyList<string> Find(BenchSettings settings, Section section, LatencyHistogram? lateness) =>
        GeneratorCheck.Find(settings, [section], lateness);

    private static LatencyHistogram LatenessOf(long nanoseconds)
    {
        LatencyHistogram histogram = new();
        for (int i = 0; i < 100; i++)
        {
            histogram.Record(nanoseconds);
        }

        return histogram;
    }

    private static Section SectionWith(long sent, double share, long heldBack = 0) => new()
    {
        Name = "traffic",
        Seconds = 10,
        SecondsOfSending = 10,
        SecondsOfArrival = 10,
        Counts = LoadCounts.Zero with { Sent = sent, HeldBack = heldBack },
        LoopShares = [0.1, share],
        GeneratorCpu = 0,
        GeneratorAllocated = 0,
        BrokerBefore = null,
        BrokerAfter = null,
    };
}
