using System.Globalization;
using System.Net;
using Starling.Bench.Observing;
using Starling.Bench.Results;
using Starling.Bench.Running;
using Starling.Bench.Scenarios;
using Starling.Bench.Settings;
using Starling.Transports.InMemory;

namespace Starling.Bench.Tests.InMemory;

/// <summary>A run against a server in memory, on virtual time: the same each time, and as fast as the processor.</summary>
internal sealed class InMemoryBench : IConnector, IBenchObserver
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(1);

    private readonly IFarEnd _server;
    private readonly InMemoryLoopGroup _group;
    private readonly List<(int Loop, int Client)> _toOpen = [];

    public InMemoryBench(BenchSettings settings, IFarEnd server, IBrokerProcess? broker = null)
    {
        _server = server;
        VirtualTime time = new();
        Run = new BenchRun(settings, new BenchClock(time), broker);
        _group = new InMemoryLoopGroup(
            settings.Loops,
            _ =>
            {
                SetClock clock = new();
                ThreadClocks.Add(clock);
                return Run.AddLoop(clock);
            },
            time: time);
        ScenarioPlan plan = new ScenarioBuilder(Run, this).Build();
        Run.Director.Prepare(plan.Stages, plan.GoodBye, this);
    }

    public BenchRun Run { get; }

    public List<SetClock> ThreadClocks { get; } = [];

    public List<Sample> Samples { get; } = [];

    /// <summary>Milliseconds of virtual time since the begin.</summary>
    public long Elapsed { get; private set; }

    /// <summary>Settings for small runs; the topics and all else as the command line has them.</summary>
    public static BenchSettings Settings(BenchScenario scenario, string topics = "bench/%i") => new()
    {
        Scenario = scenario,
        ClientPrefix = "b-",
        RunId = 77,
        Topics = new TopicPattern(topics),
        Duration = TimeSpan.FromMilliseconds(200),
        Window = 40,
        InFlight = 20,
    };

    public void Open(int loopIndex, int client) => _toOpen.Add((loopIndex, client));

    public void OnSample(Sample sample) => Samples.Add(sample);

    /// <summary>Runs until the run is over.</summary>
    /// <param name="eachMillisecond">What happens at each millisecond of virtual time.</param>
    public BenchResult RunToEnd(Action<long>? eachMillisecond = null)
    {
        const long TooLong = 600_000;
        while (!Run.Completion.IsCompleted)
        {
            Assert.True(Elapsed < TooLong, "The run does not end.");
            eachMillisecond?.Invoke(Elapsed);
            Settle();
            _group.AdvanceTime(Step);
            _server.Pass(Step);
            Elapsed++;
        }

        return BenchResult.Of(Run, DateTimeOffset.UnixEpoch);
    }

    // As much as is to happen at this millisecond, within bounds: a run without a rate would never be done.
    private void Settle()
    {
        const int RoundsMax = 4;
        for (int round = 0; round < RoundsMax; round++)
        {
            foreach ((int loop, int client) in _toOpen.ToArray())
            {
                string name = client.ToString(CultureInfo.InvariantCulture);
                _server.Accept(_group.Loops[loop].Open(name, new IPEndPoint(IPAddress.Loopback, 1883)));
            }

            _toOpen.Clear();
            _group.RunUntilIdle();
            if (!_server.Exchange() && _toOpen.Count == 0)
            {
                return;
            }
        }
    }
}
