using System.CommandLine;
using System.Globalization;
using System.Text;
using Starling.Bench.Checking;
using Starling.Bench.Settings;
using Starling.Protocol;

namespace Starling.Cli.Flags;

/// <summary>The flags that say what a scenario of <c>bench</c> does.</summary>
internal sealed class BenchFlags
{
    private const int ClientsMax = 1_000_000;
    private const double RateMax = 100_000_000;
    private const int LoopsMax = 64;
    private const int PairWindow = 40;
    private const int SmallestPairWindow = 1000;
    private const int FanOutWindow = 200;
    private const int FanInWindow = 4000;

    private static readonly TimeSpan LongestTime = TimeSpan.FromDays(7);
    private static readonly TimeSpan UsualDuration = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestGathering = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan UsualGathering = TimeSpan.FromMicroseconds(100);

    private readonly BenchScenario _scenario;
    private readonly BenchDefaults _defaults;
    private readonly Option<string> _clients;
    private readonly Option<string> _publishers;
    private readonly Option<string> _subscribers;
    private readonly Option<string> _messages;
    private readonly Option<string> _size = FlagKinds.Value(
        "--size", "BYTES", "Payload bytes, from 24 on: one size, a list in turn such as 64,1024, or a range such as 64-1024. Default 64.");
    private readonly Option<string> _rate;
    private readonly Option<string> _duration = FlagKinds.Value("--duration", "TIME", "Measure so long, as in 500ms, 10s or 2m. Default 5s, or until --messages are published.");
    private readonly Option<string> _ramp = FlagKinds.Value("--ramp", "TIME", "Open the connections spread over so much time. Default: as fast as --concurrency allows.");
    private readonly Option<string> _warmUp = FlagKinds.Value("--warmup", "TIME", "Run so long before measuring. Default 0.");
    private readonly Option<string> _topics;
    private readonly Option<string> _qos;
    private readonly Option<string> _inFlight;
    private readonly Option<string> _window = FlagKinds.Value(
        "--window", "N", "Without --rate: at most so many published messages of all publishers are not delivered yet; 0: no limit.");
    private readonly Option<bool> _retain = FlagKinds.Switch("--retain", "Publish with RETAIN.");
    private readonly Option<string> _concurrency = FlagKinds.Value("--concurrency", "N", "Open so many connections at a time. Default 100.");
    private readonly Option<string> _gather = FlagKinds.Value(
        "--gather", "TIME", "Without --rate: let events gather so long in each turn of a loop, so that reads and writes are larger. Default 100us.");
    private readonly Option<string> _loops = FlagKinds.Value(
        "--loops", "N", "Event loops of the generator, each one thread. Default 1, or 2 on 4 processors and more.");

    public BenchFlags(BenchScenario scenario, BenchDefaults defaults)
    {
        _scenario = scenario;
        _defaults = defaults;
        _clients = FlagKinds.Value("--clients", "N", $"{defaults.Clients}. Default {defaults.ClientCount}.");
        _publishers = FlagKinds.Value("--publishers", "N", $"Clients that publish. Default {defaults.Publishers}.");
        _subscribers = FlagKinds.Value("--subscribers", "N", $"{defaults.Subscribers}. Default {defaults.SubscriberCount}.");
        _messages = FlagKinds.Value(
            "--messages", "N", defaults.Messages > 0 ? $"Messages in all. Default {defaults.Messages}." : "End after so many messages in all.");
        _rate = FlagKinds.Value(
            "--rate", "N", $"{defaults.Rate} a second in all, whatever the server does; times count from when each was due. Default: as fast as it goes.");
        _topics = FlagKinds.Value(
            "--topics", "TOPIC", $"%i: number of the client; %c: number of the message. Default {defaults.Topics}{(defaults.Topics.Contains("RUN", StringComparison.Ordinal) ? ", with RUN a number for the run" : "")}.");
        _qos = FlagKinds.Value("--qos", "QOS", $"0, 1 or 2. Default {defaults.Qos}.", "-q");
        _inFlight = FlagKinds.Value("--inflight", "N", scenario == BenchScenario.RequestResponse
            ? "Requests of a client that are not answered yet. Default 1."
            : "Messages of a publisher that are not acknowledged yet, at QoS 1 and 2. Default 100.");
    }

    public void AddTo(Command command)
    {
        (Option Flag, bool IsHere)[] flags =
        [
            (_clients, _defaults.Clients is not null), (_publishers, _defaults.HasPublishers), (_subscribers, _defaults.Subscribers is not null),
            (_messages, _defaults.HasMessages), (_size, _defaults.Publishes), (_rate, _defaults.Rate is not null), (_duration, _defaults.HasDuration),
            (_ramp, _scenario != BenchScenario.Churn), (_warmUp, _defaults.HasWarmUp), (_topics, _defaults.HasTopics),
            (_qos, _scenario != BenchScenario.Conn), (_inFlight, _defaults.Publishes && _scenario != BenchScenario.Churn),
            (_window, _defaults.HasWindow), (_retain, _defaults.Publishes && _scenario is not (BenchScenario.Retain or BenchScenario.RequestResponse)),
            (_concurrency, _scenario != BenchScenario.Churn), (_gather, _defaults.Publishes && _scenario != BenchScenario.Churn), (_loops, true),
        ];
        foreach ((Option flag, bool isHere) in flags)
        {
            if (isHere)
            {
                command.Add(flag);
            }
        }
    }

    /// <summary>What the flags say; what is wrong is kept in <paramref name="flags"/>.</summary>
    public BenchSettings Read(FlagReader flags, ConnectionSettings connection, int seed)
    {
        int clients = (int)flags.Number(_clients, 1, ClientsMax, _defaults.ClientCount);
        bool isPair = _scenario == BenchScenario.Pair;
        int publishers = isPair ? clients : (int)flags.Number(_publishers, 1, ClientsMax, _defaults.Publishers);
        int subscribers = isPair ? clients : (int)flags.Number(_subscribers, 1, ClientsMax, _defaults.SubscriberCount);
        long messages = flags.Number(_messages, 1, long.MaxValue / 2, _defaults.Messages);
        QualityOfService qos = (QualityOfService)flags.Number(_qos, 0, 2, _defaults.Qos);
        int inFlight = (int)flags.Number(_inFlight, 1, ushort.MaxValue, _defaults.InFlight);
        double rate = ReadRate(flags);
        uint runId = (uint)seed;
        string prefix = connection.ClientIdentifier ?? string.Create(CultureInfo.InvariantCulture, $"bench-{runId:x8}-");
        CheckPrefix(flags, connection, prefix, Math.Max(clients, Math.Max(publishers, subscribers)));
        CheckScenario(flags, connection.Version, qos);
        int sources = _scenario == BenchScenario.RequestResponse ? clients : publishers;
        TimeSpan duration = flags.Time(_duration, LongestTime, UsualDuration);
        bool hasTime = _defaults.HasDuration && (messages == 0 || flags.Has(_duration));
        if (hasTime && duration == TimeSpan.Zero && _scenario != BenchScenario.Conn)
        {
            flags.Refuse("--duration 0 is not allowed: a time such as 500ms, 10s or 2m. For example --duration 10s.");
        }

        return new BenchSettings
        {
            Scenario = _scenario,
            Version = connection.Version,
            UserName = connection.UserName,
            Password = connection.Password,
            KeepAliveSeconds = (ushort)connection.KeepAliveSeconds,
            ClientPrefix = prefix,
            RunId = runId,
            Clients = clients,
            Publishers = publishers,
            Subscribers = subscribers,
            Messages = messages,
            Sizes = ReadSizes(flags),
            Rate = rate,
            Duration = hasTime ? duration : TimeSpan.Zero,
            Ramp = flags.Time(_ramp, LongestTime, TimeSpan.Zero),
            WarmUp = flags.Time(_warmUp, LongestTime, TimeSpan.Zero),
            Topics = ReadTopics(flags, runId),
            Qos = qos,
            InFlight = inFlight,
            Window = rate > 0 ? 0 : ReadWindow(flags, inFlight, sources),
            Retain = flags.Has(_retain),
            Concurrency = (int)flags.Number(_concurrency, 1, ClientsMax, 100),
            Gather = flags.Time(_gather, LongestGathering, IsBatched(qos, inFlight) ? UsualGathering : TimeSpan.Zero),
            Loops = (int)flags.Number(_loops, 1, LoopsMax, Environment.ProcessorCount >= 4 ? 2 : 1),
        };
    }

    // A publisher that waits for each message would only be slowed down.
    private static bool IsBatched(QualityOfService qos, int inFlight) => inFlight >= 20 || (qos == QualityOfService.AtMostOnce && inFlight > 1);

    private PayloadSizes ReadSizes(FlagReader flags)
    {
        if (flags.Text(_size) is not string text)
        {
            return PayloadSizes.Of(64);
        }

        if (!PayloadSizes.TryParse(text, out PayloadSizes sizes))
        {
            flags.Refuse(
                $"--size {text} is not allowed: {MessageHeader.Bytes} to {PayloadSizes.LargestBytes} bytes, a list of such or a range; {MessageHeader.Bytes} bytes of each payload are for its check. For example --size 64,1024.");
        }

        return sizes;
    }

    private double ReadRate(FlagReader flags)
    {
        if (flags.Text(_rate) is not string text)
        {
            return 0;
        }

        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double rate) && rate is > 0 and <= RateMax)
        {
            return rate;
        }

        flags.Refuse(string.Create(
            CultureInfo.InvariantCulture, $"--rate {text} is not allowed: more than 0 a second, at most {RateMax}. For example --rate 10000."));
        return 0;
    }

    private TopicPattern ReadTopics(FlagReader flags, uint runId)
    {
        string text = flags.Text(_topics) ?? _defaults.Topics.Replace("RUN", runId.ToString("x8", CultureInfo.InvariantCulture), StringComparison.Ordinal);
        TopicPattern topics = new(text);
        if (_scenario == BenchScenario.Sub)
        {
            TextFlags.CheckTopicFilter(flags, "--topics", topics.Filter());
        }
        else if (_defaults.HasTopics)
        {
            TextFlags.CheckTopicName(flags, "--topics", Encoding.UTF8.GetString(topics.For(0).Name(0)));
        }

        if (_scenario is BenchScenario.Pair or BenchScenario.Churn && !topics.HasClient)
        {
            flags.Refuse($"--topics {text} is not allowed: each client needs a topic of its own. For example --topics {text}/%i.");
        }

        if (_scenario == BenchScenario.Retain && !(topics.HasClient && topics.HasCounter))
        {
            flags.Refuse($"--topics {text} is not allowed: each retained message needs a topic of its own. For example --topics retained/%i/%c.");
        }

        return topics;
    }

    private long ReadWindow(FlagReader flags, int inFlight, int publishers)
    {
        long usual = _scenario switch
        {
            _ when !_defaults.HasWindow => 0,
            _ when flags.Has(_inFlight) || _scenario == BenchScenario.RequestResponse => (long)inFlight * publishers,
            BenchScenario.Pair => Math.Max(SmallestPairWindow, (long)PairWindow * publishers),
            BenchScenario.FanOut => FanOutWindow,
            _ => FanInWindow,
        };
        return flags.Number(_window, 0, int.MaxValue, usual);
    }

    private static void CheckPrefix(FlagReader flags, ConnectionSettings connection, string prefix, int clients)
    {
        const int CharactersMaxOf31 = 23;
        int longest = prefix.Length + 1 + (clients - 1).ToString(CultureInfo.InvariantCulture).Length;
        if (connection.Version == MqttVersion.V31 && longest > CharactersMaxOf31)
        {
            flags.Refuse($"-i {prefix} is not allowed: with letter and number more than 23 characters, the most in MQTT 3.1. For example -i b-.");
        }
    }

    private void CheckScenario(FlagReader flags, MqttVersion version, QualityOfService qos)
    {
        if (_scenario == BenchScenario.Share && version != MqttVersion.V5)
        {
            flags.Refuse("bench share needs MQTT 5: leave -V out.");
        }

        if (_scenario == BenchScenario.Offline && qos == QualityOfService.AtMostOnce)
        {
            flags.Refuse("-q 0 is not allowed: a server keeps only QoS 1 and 2 for a session that is away. For example -q 1.");
        }

        if (flags.Has(_rate) && flags.Has(_window))
        {
            flags.Refuse("--window cannot go with --rate, which sends whatever the server does.");
        }

        if (_scenario == BenchScenario.Conn && flags.Has(_rate) && flags.Has(_ramp))
        {
            flags.Refuse("only one of --rate and --ramp can be given.");
        }
    }
}
