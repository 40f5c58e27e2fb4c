using System.CommandLine;
using Starling.Cli.Connections;
using Starling.Cli.Flags;
using Starling.Client;
using Starling.Protocol;

namespace Starling.Cli.Commands;

/// <summary><c>starling sub</c>: subscribes and prints messages.</summary>
internal sealed class SubCommand : ICommand
{
    private static readonly (string Word, RetainHandling Value)[] RetainHandlings =
    [
        ("0", RetainHandling.SendAtSubscribe), ("1", RetainHandling.SendIfNew), ("2", RetainHandling.DoNotSend),
    ];

    private const double AllMessages = 100;

    private readonly ConnectionFlags _connection = new();
    private readonly PropertyFlag _properties = new();
    private readonly Option<string[]> _topics = FlagKinds.Values("--topic", "FILTER", "Subscribe to this Topic Filter; repeatable.", "-t");
    private readonly Option<string[]> _leftOut = FlagKinds.Values("--filter-out", "FILTER", "Leave out messages on these topics; repeatable.", "-T");
    private readonly Option<string> _qos = FlagKinds.Value("--qos", "QOS", "The highest QoS to receive: 0, 1 or 2. Default 0.", "-q");
    private readonly Option<string> _count = FlagKinds.Value("--count", "N", "End after so many messages.", "-C");
    private readonly Option<string> _wait = FlagKinds.Value("--wait", "SECONDS", "End after so long, with exit code 27.", "-W");
    private readonly PrintFlags _print = new();
    private readonly Option<bool> _watch = FlagKinds.Switch("--watch", "Keep a line of the terminal for each topic.", "-w");
    private readonly Option<bool> _stats = FlagKinds.Switch("--stats", "Print the rate of each topic once a second, instead of the messages.");
    private readonly Option<bool> _remove = FlagKinds.Switch("--remove-retained", "Clear the retained messages that are printed.");
    private readonly Option<string> _random = FlagKinds.Value("--random-filter", "PERCENT", "Print so many of a hundred messages, by chance. Default 100.");
    private readonly Option<bool> _fresh = FlagKinds.Switch("--no-retained", "Leave out what the server had retained.", "-R");
    private readonly Option<bool> _retainedOnly = FlagKinds.Switch("--retained-only", "Print what the server had retained, and end with the first new message.");
    private readonly Option<bool> _endSubscribed = FlagKinds.Switch("--exit-subscribed", "End when the subscriptions are acknowledged.", "-E");
    private readonly Option<string> _group = FlagKinds.Value("--group", "NAME", "Share the subscriptions with the others of this group (5.0).");
    private readonly Option<bool> _noLocal = FlagKinds.Switch("--no-local", "Leave out what this client publishes (5.0).");
    private readonly Option<bool> _asPublished = FlagKinds.Switch("--retain-as-published", "Keep RETAIN as it was published (5.0).");
    private readonly Option<string> _handling = FlagKinds.Value("--retain-handling", "0|1|2", "Retained messages at subscribe: always, if new, never (5.0). Default 0.");
    private readonly Option<bool> _noReconnect = FlagKinds.Switch("--no-reconnect", "End with exit code 7 when the connection is lost.");

    public SubCommand()
    {
        Syntax = new FlagSet
        {
            _topics, _leftOut, _qos, _count, _wait, _fresh, _retainedOnly, _remove, _random, _endSubscribed, _group, _noLocal, _asPublished,
            _handling, _noReconnect, _watch, _stats,
        };
        _print.AddTo(Syntax);
        _properties.AddTo(Syntax);
        _connection.AddTo(Syntax);
    }

    public Command Syntax { get; }

    public IReadOnlyList<string> Examples { get; } =
    [
        "starling sub -v -t 'sensors/+/temperature'",
        "starling sub -t doors/front -C 1 -W 10 --json",
        "starling sub -c -i archive -q 1 -t '#'",
    ];

    public IReadOnlyDictionary<string, string> Unsupported { get; } = new Dictionary<string, string>(ConnectionFlags.Unsupported)
    {
        ["-U"] = "only Starling called as mosquitto_sub ends subscriptions of a kept session.",
        ["--unsubscribe"] = "only Starling called as mosquitto_sub ends subscriptions of a kept session.",
    };

    public string HelpEnd => "";

    public async Task<int> RunAsync(ParseResult parsed, CommandEnvironment environment)
    {
        FlagReader flags = new(parsed);
        ConnectionSettings connection = _connection.Read(flags, environment);
        PropertySettings properties = _properties.Read(flags, connection.Version);
        SubSettings settings = Read(flags, connection);
        if (settings.Print.IsWatch && !environment.IsOutputTerminal)
        {
            flags.Refuse("-w needs a terminal, where the lines of topics can be written anew.");
        }

        if (flags.Error is string error)
        {
            return environment.RefuseUsage(error);
        }

        settings = settings with
        {
            Options = settings.Options with { UserProperties = UserProperties.Create([.. properties.SubscribeUserProperties]) },
        };
        using Subscriber subscriber = new(settings, connection, environment);
        return await subscriber.RunAsync(ClientSetup.CreateOptions(connection, properties)).ConfigureAwait(false);
    }

    /// <summary>What the flags say; what is wrong is kept in <paramref name="flags"/>.</summary>
    internal SubSettings Read(FlagReader flags, ConnectionSettings connection)
    {
        string[] filters = flags.Texts(_topics);
        filters = filters.Length == 0 && connection.UrlTopic is string topic ? [topic] : filters;
        if (filters.Length == 0)
        {
            flags.Refuse("sub needs a topic: -t FILTER. For example -t '#' for everything.");
        }

        string[] leftOut = flags.Texts(_leftOut);
        foreach (string filter in filters)
        {
            TextFlags.CheckTopicFilter(flags, "-t", filter);
            if (flags.Has(_group) && filter.StartsWith("$share/", StringComparison.Ordinal))
            {
                flags.Refuse($"-t {filter} is shared already, so --group cannot go with it.");
            }
        }

        foreach (string filter in leftOut)
        {
            TextFlags.CheckTopicFilter(flags, "-T", filter);
        }

        long wait = flags.Number(_wait, 1, 2_000_000, 0);
        long count = flags.Number(_count, 1, long.MaxValue, 0);
        return new SubSettings
        {
            Filters = filters,
            LeftOut = leftOut,
            Options = ReadOptions(flags, connection),
            Count = count == 0 ? null : count,
            Wait = wait == 0 ? null : TimeSpan.FromSeconds(wait),
            Print = ReadPrint(flags),
            RemovesRetained = flags.Has(_remove),
            RandomFilter = ReadRandom(flags),
            IsFreshOnly = flags.Has(_fresh),
            IsRetainedOnly = flags.Has(_retainedOnly),
            EndsSubscribed = flags.Has(_endSubscribed),
            Reconnects = !flags.Has(_noReconnect),
        };
    }

    private PrintSettings ReadPrint(FlagReader flags)
    {
        PrintSettings print = _print.Read(flags) with { IsWatch = flags.Has(_watch), IsStats = flags.Has(_stats) };
        if (print.IsStats && (print.IsWatch || print.IsVerbose || print.Format is not null))
        {
            flags.Refuse("--stats prints no messages, so -v, -w, -F and --json cannot go with it.");
        }

        return print;
    }

    private double ReadRandom(FlagReader flags)
    {
        string? text = flags.Text(_random);
        if (text is null)
        {
            return AllMessages;
        }

        if (double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out double percent) && percent is >= 0.1 and <= AllMessages)
        {
            return percent;
        }

        flags.Refuse($"--random-filter {text} is not allowed: a number from 0.1 to 100. For example --random-filter 10.");
        return AllMessages;
    }

    private SubscribeOptions ReadOptions(FlagReader flags, ConnectionSettings connection)
    {
        string? group = flags.Text(_group);
        bool noLocal = flags.Has(_noLocal);
        if (group is not null && noLocal)
        {
            // No Local on a Shared Subscription is a Protocol Error [MQTT-3.8.3-4].
            flags.Refuse("--no-local cannot go with --group.");
        }

        if (group is not null && (group.Length == 0 || group.AsSpan().ContainsAny('/', '+', '#')))
        {
            flags.Refuse($"--group {group} is not allowed: a name without /, + and #. For example --group workers.");
        }

        if (connection is { Version: not MqttVersion.V5 }
            && (group is not null || noLocal || flags.Has(_asPublished) || flags.Has(_handling)))
        {
            flags.Refuse("--group, --no-local, --retain-as-published and --retain-handling need MQTT 5: leave -V out.");
        }

        return new SubscribeOptions
        {
            MaximumQos = (QualityOfService)flags.Number(_qos, 0, 2, 0),
            Ack = AckMode.Manual,
            Retained = flags.Choice(_handling, RetainHandlings, RetainHandling.SendAtSubscribe),
            NoLocal = noLocal,
            RetainAsPublished = flags.Has(_asPublished),
            ShareGroup = group,
            Overflow = Overflow.Wait,
        };
    }
}
