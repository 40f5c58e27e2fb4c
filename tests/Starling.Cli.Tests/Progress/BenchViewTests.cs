using Microsoft.Extensions.Time.Testing;
using Starling.Bench.Measuring;
using Starling.Bench.Observing;
using Starling.Bench.Results;
using Starling.Bench.Settings;
using Starling.Cli.Progress;

namespace Starling.Cli.Tests.Progress;

public sealed class BenchViewTests : IDisposable
{
    private static readonly BenchSettings Settings = new()
    {
        Scenario = BenchScenario.Pair, ClientPrefix = "b-", RunId = 1, Topics = new TopicPattern("bench/%i"), Rate = 1000,
    };

    private readonly FakeTimeProvider _time = new();
    private readonly SharedWriter _error = new();

    public void Dispose() => _error.Dispose();

    [Theory]
    [InlineData("Auto", null)]
    [InlineData("Plain", 100)]
    public void Plain_is_a_line_each_second(string mode, int? columns)
    {
        using (BenchView view = Begin(mode, columns))
        {
            view.OnSample(SampleWith(0.5));
        }

        Assert.Equal(
            "bench    2 s traffic: 990 of 1000 sent/s, 980 delivered/s, p50 100 µs, p99 200 µs, max 300 µs, missing 3, duplicated 2, reordered 1, "
            + "generator 50 %, broker 120 %\n",
            _error.ToString());
    }

    [Fact]
    public void None_is_silent()
    {
        using (BenchView view = Begin("None", 100))
        {
            view.OnSample(SampleWith(0.5));
        }

        Assert.Empty(_error.ToString());
    }

    [Theory]
    [InlineData("Auto", 100)]
    [InlineData("Auto", 0)]
    [InlineData("Live", null)]
    public void Live_is_a_block_that_goes_away(string mode, int? columns)
    {
        using (BenchView view = Begin(mode, columns))
        {
            view.OnSample(SampleWith(0.9));
            SpinWait.SpinUntil(() => _error.ToString().Contains("bench pair", StringComparison.Ordinal), TimeSpan.FromSeconds(20));
            _time.Advance(TimeSpan.FromMilliseconds(250));
            SpinWait.SpinUntil(() => _error.ToString().Contains("3 missing", StringComparison.Ordinal), TimeSpan.FromSeconds(20));
        }

        string shown = _error.ToString();
        Assert.Contains("990 of 1000 intended", shown, StringComparison.Ordinal);
        Assert.Contains("p50 100 µs, p99 200 µs, max 300 µs", shown, StringComparison.Ordinal);
        Assert.Contains("3 missing, 2 duplicated, 1 reordered", shown, StringComparison.Ordinal);
        Assert.Contains("RESULT INVALID: generator saturated", shown, StringComparison.Ordinal);
        Assert.Contains("120 % of a processor, 3.0 MiB", shown, StringComparison.Ordinal);
        Assert.Contains("\e[2K", shown[shown.LastIndexOf("3.0 MiB", StringComparison.Ordinal)..], StringComparison.Ordinal);
    }

    private BenchView Begin(string mode, int? columns) => new(Settings, Enum.Parse<ProgressMode>(mode), new CommandEnvironment
    {
        Input = Stream.Null,
        Output = Stream.Null,
        Error = _error,
        Variable = static _ => null,
        Interrupted = CancellationToken.None,
        ErrorColumns = () => columns,
        TimeProvider = _time,
    });

    private static Sample SampleWith(double generatorShare) => new()
    {
        Stage = "traffic",
        At = 2,
        Seconds = 1,
        Totals = LoadCounts.Zero with { Missing = 3, Duplicates = 2, Reordered = 1 },
        SentPerSecond = 990,
        DeliveredPerSecond = 980,
        ConnectsPerSecond = 0,
        P50 = 100_000,
        P99 = 200_000,
        Largest = 300_000,
        GeneratorShare = generatorShare,
        BrokerProcessors = 1.2,
        Broker = new BrokerUsage(1, 3 << 20, 4 << 20),
    };
}
