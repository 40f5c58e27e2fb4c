using System.Globalization;
using Starling.Bench.Checking;
using Starling.Bench.Loads;
using Starling.Bench.Running;
using Starling.Bench.Settings;
using Starling.Bench.Stages;
using Starling.Protocol;

namespace Starling.Bench.Scenarios;

/// <summary>Makes the clients and stages of a scenario.</summary>
internal sealed class ScenarioBuilder(BenchRun run, IConnector connector)
{
    private const uint SessionSeconds = 3600;

    private readonly BenchSettings _settings = run.Settings;
    private readonly List<LoadClient> _subscribers = [];
    private readonly List<LoadClient> _publishers = [];

    public ScenarioPlan Build() => _settings.Scenario switch
    {
        BenchScenario.Conn => Conn(),
        BenchScenario.Pub => Pub(),
        BenchScenario.Sub => Sub(),
        BenchScenario.Pair => Pair(),
        BenchScenario.FanOut => FanOut(),
        BenchScenario.FanIn => FanIn(),
        BenchScenario.Share => Share(),
        BenchScenario.RequestResponse => RequestResponse(),
        BenchScenario.Retain => Retain(),
        BenchScenario.Churn => Churn(),
        _ => Offline(),
    };

    private ScenarioPlan Conn()
    {
        List<LoadClient> clients = [.. Enumerable.Range(0, _settings.Clients).Select(i => AddClient('c', i))];
        return EndingWith(clients, Open("connect", clients, isMeasured: true), new HoldStage(run));
    }

    private ScenarioPlan Pub()
    {
        AddPublishers(i => _settings.Topics.For(i));
        return EndingWith(_publishers, Open("connect", _publishers), Traffic(fanOut: 0));
    }

    private ScenarioPlan Sub()
    {
        AddSubscribers(i => _settings.Topics.For(i).Filter(), _ => new LearningCheck());
        return EndingWith(_subscribers, Open("connect", _subscribers), new ListenStage(run));
    }

    private ScenarioPlan Pair()
    {
        AddSubscribers(i => _settings.Topics.For(i).Filter(), i => CheckOf(i, 1));
        AddPublishers(i => _settings.Topics.For(i));
        return WithTraffic(fanOut: 1);
    }

    private ScenarioPlan FanOut()
    {
        AddSubscribers(_ => _settings.Topics.Filter(), _ => CheckOf(0, _settings.Publishers));
        AddPublishers(i => _settings.Topics.For(i));
        return WithTraffic(_settings.Subscribers);
    }

    // The difference to the fan-out is how many there are on each side, and their topics.
    private ScenarioPlan FanIn() => FanOut();

    private ScenarioPlan Share()
    {
        string filter = $"$share/bench-{_settings.RunId.ToString("x8", CultureInfo.InvariantCulture)}/{_settings.Topics.Filter()}";
        DeliveryBitmap[] arrived = Bitmaps();
        AddSubscribers(_ => filter, _ => _settings.Topics.HasCounter
            ? new UnorderedCheck(_settings.RunId, arrived)
            : new SharedCheck(_settings.RunId, arrived));
        AddPublishers(i => _settings.Topics.For(i));
        return WithTraffic(fanOut: 1);
    }

    private ScenarioPlan RequestResponse()
    {
        TopicPattern requests = new($"{_settings.Topics.Text}/request/%i");
        TopicPattern answers = new($"{_settings.Topics.Text}/response/%i");
        run.Requests = new RequestTable(answers, _settings.Version, _settings.Qos);
        for (int i = 0; i < _settings.Subscribers; i++)
        {
            LoadClient responder = AddClient('r', i);
            responder.Subscriber = new LoadSubscriber(requests.For(i).Filter(), _settings.Qos, CheckOf(0, _settings.Clients)) { IsResponder = true };
            _subscribers.Add(responder);
        }

        PublishPlan plan = CreatePlan() with { CountsAnswers = true };
        for (int i = 0; i < _settings.Clients; i++)
        {
            LoadClient requester = AddClient('c', i);
            requester.Subscriber = new LoadSubscriber(answers.For(i).Filter(), _settings.Qos, CheckOf(i, 1));
            requester.Publisher = new LoadPublisher(requester, i, plan, requests.For(i % _settings.Subscribers), answers.For(i).Text);
            _publishers.Add(requester);
        }

        return WithTraffic(fanOut: 1);
    }

    private ScenarioPlan Retain()
    {
        long deliveries = _settings.Messages * _settings.Subscribers;
        AddSubscribers(_ => _settings.Topics.Filter(), _ => new UnorderedCheck(_settings.RunId, Bitmaps()));
        AddPublishers(i => _settings.Topics.For(i));
        IStage[] stages =
        [
            Open("connect", _publishers),
            Traffic(fanOut: 0, "store"),
            new OpenStage(run, connector, _subscribers, new OpenPlan
            {
                Name = "delivery",
                IsMeasured = true,
                Deliveries = deliveries,
                Prepare = _ => run.MeasureFrom = long.MaxValue,
            }),
            new CloseStage(run, _subscribers),
            new TrafficStage(run, CreateTraffic(0, "clear") with { IsClearing = true, Rate = 0 }),
            new CloseStage(run, _publishers),
        ];
        return new ScenarioPlan(stages, GoodBye: 3);
    }

    private ScenarioPlan Churn()
    {
        PublishPlan plan = CreatePlan();
        List<LoadClient> clients = [];
        for (int i = 0; i < _settings.Clients; i++)
        {
            LoadClient client = AddClient('c', i);
            client.IsCycling = true;
            client.Publisher = new LoadPublisher(client, i, plan, _settings.Topics.For(i));
            client.Subscriber = new LoadSubscriber(_settings.Topics.For(i).Filter(), _settings.Qos, CheckOf(i, 1));
            clients.Add(client);
        }

        return EndingWith(clients, new ChurnStage(run, connector, clients));
    }

    private ScenarioPlan Offline()
    {
        AddSubscribers(_ => _settings.Topics.Filter(), _ => CheckOf(0, _settings.Publishers));
        AddPublishers(i => _settings.Topics.For(i));
        IStage[] stages =
        [
            new OpenStage(run, connector, _subscribers, new OpenPlan { Name = "subscribe", Prepare = MakePersistent }),
            new CloseStage(run, _subscribers),
            Open("connect", _publishers),
            Traffic(fanOut: 0, "store"),
            new CloseStage(run, _publishers),
            new OpenStage(run, connector, _subscribers, new OpenPlan
            {
                Name = "delivery",
                IsMeasured = true,
                Deliveries = _settings.Messages * _settings.Subscribers,
                Prepare = _ => run.MeasureFrom = long.MaxValue,
            }),
            new CloseStage(run, [.. _subscribers, .. _publishers]),
            new OpenStage(run, connector, _subscribers, new OpenPlan { Name = "tidy up", Prepare = MakeForgotten }),
            new CloseStage(run, _subscribers),
        ];
        return new ScenarioPlan(stages, GoodBye: 6);

        static void MakePersistent(LoadClient client)
        {
            client.CleanStart = false;
            client.SessionExpirySeconds = SessionSeconds;
        }

        // A clean start ends the session that the server has kept.
        static void MakeForgotten(LoadClient client)
        {
            client.CleanStart = true;
            client.SessionExpirySeconds = 0;
            client.Subscribes = false;
        }
    }

    private ScenarioPlan WithTraffic(int fanOut) =>
        EndingWith([.. _subscribers, .. _publishers], Open("subscribe", _subscribers), Open("connect", _publishers), Traffic(fanOut));

    private ScenarioPlan EndingWith(IReadOnlyList<LoadClient> clients, params IReadOnlyList<IStage> stages) =>
        new([.. stages, new CloseStage(run, clients)], stages.Count);

    private OpenStage Open(string name, List<LoadClient> clients, bool isMeasured = false)
    {
        double perSecond = _settings.Ramp > TimeSpan.Zero ? clients.Count / _settings.Ramp.TotalSeconds : 0;
        double rate = _settings.Scenario == BenchScenario.Conn && _settings.IsOpenLoop ? _settings.Rate : perSecond;
        return new OpenStage(run, connector, clients, new OpenPlan { Name = name, PerSecond = rate, IsMeasured = isMeasured });
    }

    private TrafficStage Traffic(int fanOut, string name = "traffic") => new(run, CreateTraffic(fanOut, name));

    private TrafficPlan CreateTraffic(int fanOut, string name)
    {
        bool endsByTime = name == "traffic";
        List<LoadPublisher>[] byLoop = [.. Enumerable.Range(0, _settings.Loops).Select(_ => new List<LoadPublisher>())];
        foreach (LoadClient client in _publishers)
        {
            if (client.Publisher is { } publisher)
            {
                byLoop[client.LoopIndex].Add(publisher);
            }
        }

        return new TrafficPlan
        {
            Name = name,
            Publishers = byLoop,
            Messages = _settings.Messages,
            Duration = endsByTime ? _settings.Duration : TimeSpan.Zero,
            WarmUp = endsByTime ? _settings.WarmUp : TimeSpan.Zero,
            Rate = _settings.Rate,
            Window = fanOut == 0 ? 0 : _settings.Window,
            FanOut = fanOut,
            IsAcknowledged = _settings.Qos != QualityOfService.AtMostOnce,
        };
    }

    private void AddSubscribers(Func<int, string> filter, Func<int, IArrivalCheck> check)
    {
        for (int i = 0; i < _settings.Subscribers; i++)
        {
            LoadClient client = AddClient('s', i);
            client.Subscriber = new LoadSubscriber(filter(i), _settings.Qos, check(i));
            _subscribers.Add(client);
        }
    }

    private void AddPublishers(Func<int, TopicPattern> topics)
    {
        PublishPlan plan = CreatePlan();
        for (int i = 0; i < _settings.Publishers; i++)
        {
            LoadClient client = AddClient('p', i);
            client.Publisher = new LoadPublisher(client, i, plan, topics(i));
            _publishers.Add(client);
        }
    }

    private LoadClient AddClient(char role, int number)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{_settings.ClientPrefix}{role}{number}");
        LoadClient client = new(run.Clients.Count, number % _settings.Loops, name);
        run.Clients.Add(client);
        return client;
    }

    private PublishPlan CreatePlan() => new()
    {
        RunId = _settings.RunId,
        Version = _settings.Version,
        Qos = _settings.Qos,
        Retain = _settings.Retain || _settings.Scenario == BenchScenario.Retain,
        Sizes = _settings.Sizes,
        InFlight = _settings.InFlight,
    };

    private IArrivalCheck CheckOf(int first, int publishers) => _settings.Topics.HasCounter
        ? new UnorderedCheck(_settings.RunId, Bitmaps())
        : new OrderedCheck(_settings.RunId, first, publishers);

    private DeliveryBitmap[] Bitmaps() =>
        [.. Enumerable.Range(0, Math.Max(_settings.Publishers, _settings.Clients)).Select(_ => new DeliveryBitmap())];
}
