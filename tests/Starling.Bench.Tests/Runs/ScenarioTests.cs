using Starling.Bench.Measuring;
using Starling.Bench.Results;
using Starling.Bench.Settings;
using Starling.Bench.Tests.InMemory;
using Starling.Protocol;

namespace Starling.Bench.Tests.Runs;

/// <summary>Every scenario against the real broker, in memory.</summary>
public sealed class ScenarioTests
{
    public static TheoryData<int, int, MqttVersion> Combinations { get; } = new()
    {
        { 0, 1, MqttVersion.V5 }, { 1, 1, MqttVersion.V5 }, { 2, 1, MqttVersion.V5 }, { 0, 2, MqttVersion.V311 }, { 1, 2, MqttVersion.V311 },
        { 2, 2, MqttVersion.V31 },
    };

    [Theory, MemberData(nameof(Combinations))]
    public void Pair_delivers_each_message_once_and_in_order(int qos, int loops, MqttVersion version)
    {
        BenchResult result = RunOf(Settings(BenchScenario.Pair, qos, loops, version) with { Publishers = 5, Subscribers = 5 });

        AssertAllDelivered(result, 1);
        Assert.Equal(result.Totals.Delivered, result.Times[Measure.Delivery].Count);
        Assert.Equal(qos > 0 ? result.Totals.Sent : 0, result.Totals.Acknowledged);
    }

    [Theory, MemberData(nameof(Combinations))]
    public void Fan_out_delivers_each_message_to_every_subscriber(int qos, int loops, MqttVersion version)
    {
        BenchResult result = RunOf(Settings(BenchScenario.FanOut, qos, loops, version, "bench/all") with { Publishers = 2, Subscribers = 7 });

        AssertAllDelivered(result, 7);
    }

    [Theory, MemberData(nameof(Combinations))]
    public void Fan_in_delivers_the_messages_of_every_publisher(int qos, int loops, MqttVersion version)
    {
        BenchResult result = RunOf(Settings(BenchScenario.FanIn, qos, loops, version) with { Publishers = 8, Subscribers = 2 });

        AssertAllDelivered(result, 2);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    public void Share_delivers_each_message_to_one_member(int qos, int loops)
    {
        BenchResult result = RunOf(Settings(BenchScenario.Share, qos, loops, MqttVersion.V5) with { Publishers = 4, Subscribers = 3 });

        AssertAllDelivered(result, 1);
        Assert.Equal(0, result.Totals.Reordered);
    }

    [Theory, MemberData(nameof(Combinations))]
    public void Requests_are_answered(int qos, int loops, MqttVersion version)
    {
        BenchResult result = RunOf(Settings(BenchScenario.RequestResponse, qos, loops, version, "bench/rr") with
        {
            Clients = 3,
            Subscribers = 2,
            InFlight = 2,
            Window = 6,
        });

        AssertAllDelivered(result, 1);
        Assert.Equal(0, result.Totals.Foreign);
    }

    [Theory, MemberData(nameof(Combinations))]
    public void Publishers_alone_need_no_receiver(int qos, int loops, MqttVersion version)
    {
        BenchResult result = RunOf(Settings(BenchScenario.Pub, qos, loops, version) with { Publishers = 3, Window = 0, Messages = 500, Duration = TimeSpan.Zero });

        Assert.Equal((500, 0, 0), (result.Totals.Sent, result.Totals.Delivered, result.Lost));
        Assert.Equal(qos > 0 ? 500 : 0, result.Totals.Acknowledged);
    }

    [Theory, MemberData(nameof(Combinations))]
    public void Clients_connect_and_stay(int qos, int loops, MqttVersion version)
    {
        BenchResult result = RunOf(Settings(BenchScenario.Conn, qos, loops, version) with { Clients = 50, Concurrency = 7 });

        Assert.Equal((50, 50), (result.Totals.Accepted, result.Totals.Ended));
        Assert.Equal(["connect", "hold"], result.Sections.Select(section => section.Name));
        Assert.Equal(50, result.Times[Measure.ConnAck].Count);
    }

    [Theory, MemberData(nameof(Combinations))]
    public void Churn_goes_through_whole_cycles(int qos, int loops, MqttVersion version)
    {
        BenchResult result = RunOf(Settings(BenchScenario.Churn, qos, loops, version) with { Clients = 4, Messages = 60, Duration = TimeSpan.Zero });

        Assert.Equal((60, 60, 60), (result.Totals.Cycles, result.Totals.Delivered, result.Totals.Ended));
        Assert.Equal(60, result.Times[Measure.Cycle].Count);
        AssertClean(result);
    }

    [Theory, MemberData(nameof(Combinations))]
    public void Retained_messages_are_stored_delivered_and_removed(int qos, int loops, MqttVersion version)
    {
        BrokerEnd server = new(loops);
        BenchSettings settings = Settings(BenchScenario.Retain, qos, loops, version, "bench/%i/%c") with { Publishers = 3, Subscribers = 2, Messages = 301, Duration = TimeSpan.Zero };
        BenchResult result = new InMemoryBench(settings, server).RunToEnd();

        Assert.Equal(["store", "delivery", "clear"], result.Sections.Select(section => section.Name));
        Assert.Equal((301L, 602L), (result.Totals.Sent, result.Totals.Delivered));
        AssertClean(result);

        BenchResult after = new InMemoryBench(Settings(BenchScenario.Sub, 0, 1, MqttVersion.V5, "bench/#"), server).RunToEnd();
        Assert.Equal((0, 0), (after.Totals.Delivered, after.Totals.Foreign));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Retained_messages_of_a_run_that_was_stopped_are_removed_too(int qos)
    {
        BrokerEnd server = new();
        BenchSettings settings = Settings(BenchScenario.Retain, qos, 2, MqttVersion.V5, "bench/%i/%c") with { Publishers = 3, Messages = 5000, Rate = 10_000, Duration = TimeSpan.Zero };
        InMemoryBench bench = new(settings, server);
        BenchResult result = bench.RunToEnd(millisecond =>
        {
            if (millisecond == 100)
            {
                bench.Run.RequestStop();
            }
        });

        Assert.InRange(result.Sections[0].Counts.Sent, 500, 1500);
        BenchResult after = new InMemoryBench(Settings(BenchScenario.Sub, 0, 1, MqttVersion.V5, "bench/#"), server).RunToEnd();
        Assert.Equal((0, 0), (after.Totals.Delivered, after.Totals.Foreign));
    }

    [Theory]
    [InlineData(1, 1, MqttVersion.V5)]
    [InlineData(2, 2, MqttVersion.V5)]
    [InlineData(1, 2, MqttVersion.V311)]
    [InlineData(2, 1, MqttVersion.V311)]
    public void Sessions_that_were_away_read_everything_and_are_removed(int qos, int loops, MqttVersion version)
    {
        BrokerEnd server = new(loops);
        BenchSettings settings = Settings(BenchScenario.Offline, qos, loops, version) with { Publishers = 3, Subscribers = 4, Messages = 200, Duration = TimeSpan.Zero, Window = 0 };
        BenchResult result = new InMemoryBench(settings, server).RunToEnd();

        Assert.Equal((200, 800, 4), (result.Totals.Sent, result.Totals.Delivered, result.Totals.Resumed));
        AssertClean(result);

        BenchResult again = new InMemoryBench(settings with { Messages = 1, RunId = 78 }, server).RunToEnd();
        Assert.Equal(4, again.Totals.Resumed);
    }

    [Fact]
    public void Who_only_listens_counts_what_others_publish()
    {
        BrokerEnd server = new();
        BenchResult silent = new InMemoryBench(Settings(BenchScenario.Sub, 1, 1, MqttVersion.V5, "bench/+"), server).RunToEnd();

        Assert.Equal((0, 0), (silent.Totals.Delivered, silent.Lost));
        Assert.Equal(1, silent.Totals.Accepted);
    }

    [Theory]
    [InlineData("24")]
    [InlineData("24,100,3000")]
    [InlineData("24-20000")]
    public void Payloads_of_every_size_are_checked(string sizes)
    {
        Assert.True(PayloadSizes.TryParse(sizes, out PayloadSizes parsed));

        BenchResult result = RunOf(Settings(BenchScenario.Pair, 1, 1, MqttVersion.V5) with { Sizes = parsed, Publishers = 2, Subscribers = 2 });

        AssertAllDelivered(result, 1);
        Assert.InRange(result.Totals.DeliveredBytes, result.Totals.Delivered * 24, result.Totals.Delivered * parsed.Largest);
    }

    [Fact]
    public void Topics_with_the_number_of_the_message_are_checked_without_order()
    {
        BenchResult result = RunOf(Settings(BenchScenario.FanIn, 1, 1, MqttVersion.V5, "bench/%i/%c") with { Publishers = 2 });

        AssertAllDelivered(result, 1);
    }

    [Fact]
    public void Messages_in_all_are_shared_among_publishers_and_loops()
    {
        BenchResult result = RunOf(Settings(BenchScenario.FanIn, 0, 3, MqttVersion.V5) with { Publishers = 7, Messages = 1001, Duration = TimeSpan.Zero });

        Assert.Equal(1001, result.Totals.Sent);
        AssertAllDelivered(result, 1);
    }

    [Fact]
    public void Warm_up_is_not_measured()
    {
        BenchResult result = RunOf(Settings(BenchScenario.Pair, 0, 1, MqttVersion.V5) with { WarmUp = TimeSpan.FromMilliseconds(200), Rate = 1000, Window = 0 });

        Assert.InRange(result.Totals.Sent, 395, 406);
        Assert.InRange(result.Times[Measure.Delivery].Count, 195, 206);
        Assert.InRange(result.Sections[0].Counts.Sent, 195, 206);
    }

    private static BenchSettings Settings(BenchScenario scenario, int qos, int loops, MqttVersion version, string topics = "bench/%i") =>
        InMemoryBench.Settings(scenario, topics) with { Qos = (QualityOfService)qos, Loops = loops, Version = version };

    private static BenchResult RunOf(BenchSettings settings) => new InMemoryBench(settings, new BrokerEnd(settings.Loops)).RunToEnd();

    private static void AssertAllDelivered(BenchResult result, int fanOut)
    {
        Assert.InRange(result.Totals.Sent, 1, long.MaxValue);
        Assert.Equal(result.Totals.Sent * fanOut, result.Totals.Delivered);
        AssertClean(result);
    }

    private static void AssertClean(BenchResult result)
    {
        Assert.Null(result.Failure);
        Assert.Equal((0, 0, 0, 0), (result.Lost, result.Totals.Duplicates, result.Totals.Reordered, result.Totals.Missing));
        Assert.Empty(result.Broken);
        Assert.True(result.IsValid);
    }
}
