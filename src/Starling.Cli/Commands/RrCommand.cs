using System.CommandLine;
using System.Text;
using Starling.Cli.Connections;
using Starling.Cli.Flags;
using Starling.Client;
using Starling.Protocol;

namespace Starling.Cli.Commands;

/// <summary><c>starling rr</c>: publishes a request and prints the response.</summary>
internal sealed class RrCommand : ICommand
{
    private readonly ConnectionFlags _connection = new();
    private readonly PropertyFlag _properties = new();
    private readonly PrintFlags _print = new();
    private readonly Option<string> _topic = FlagKinds.Value("--topic", "TOPIC", "Publish the request to this Topic Name.", "-t");
    private readonly Option<string> _response = FlagKinds.Value("--response-topic", "TOPIC", "Wait for the response on this Topic Name.", "-e");
    private readonly Option<string> _message = FlagKinds.Value("--message", "TEXT", "The payload of the request.", "-m");
    private readonly Option<string> _file = FlagKinds.Value("--file", "FILE", "The payload is the content of a file.", "-f");
    private readonly Option<bool> _input = FlagKinds.Switch("--stdin-file", "The payload is the whole standard input.", "-s");
    private readonly Option<bool> _null = FlagKinds.Switch("--null-message", "The payload is empty.", "-n");
    private readonly Option<string> _qos = FlagKinds.Value("--qos", "QOS", "0, 1 or 2, for request and response. Default 0.", "-q");
    private readonly Option<string> _wait = FlagKinds.Value("--wait", "SECONDS", "End after so long without a response, with exit code 27.", "-W");
    private readonly Option<string> _count = FlagKinds.Value("--count", "N", "Send so many requests, one after the other. Default 1.");
    private readonly Option<bool> _latency = FlagKinds.Switch("--latency", "Print how long the responses took, instead of the responses.");

    public RrCommand()
    {
        Syntax = new FlagSet
        {
            _topic, _response, _message, _file, _input, _null, _qos, _wait, _count, _latency,
        };
        _print.AddTo(Syntax);
        _properties.AddTo(Syntax);
        _connection.AddTo(Syntax);
    }

    public Command Syntax { get; }

    public IReadOnlyList<string> Examples { get; } =
    [
        "starling rr -t adder/request -e adder/response/7 -m '1 2' -W 5",
        "starling rr -t echo -e echo/answers -m ping --count 100 --latency",
        "starling rr -t files/store -e files/stored -f picture.png -q 1 --json",
    ];

    public IReadOnlyDictionary<string, string> Unsupported { get; } = new Dictionary<string, string>(ConnectionFlags.Unsupported)
    {
        ["-R"] = "a response is taken whether it was retained or not.",
        ["-M"] = "one request is under way at a time.",
    };

    public string HelpEnd => "";

    public async Task<int> RunAsync(ParseResult parsed, CommandEnvironment environment)
    {
        FlagReader flags = new(parsed);
        ConnectionSettings connection = _connection.Read(flags, environment);
        PropertySettings properties = _properties.Read(flags, connection.Version);
        RrSettings? settings = Read(flags, connection, properties);
        if (flags.Error is not null || settings is null)
        {
            return environment.RefuseUsage(flags.Error ?? "nothing to ask for.");
        }

        Requester requester = new(settings, connection, environment);
        return await requester.RunAsync(ClientSetup.CreateOptions(connection, properties)).ConfigureAwait(false);
    }

    /// <summary>What the flags say; null, or with an error kept in <paramref name="flags"/>, when they are wrong.</summary>
    internal RrSettings? Read(FlagReader flags, ConnectionSettings connection, PropertySettings properties)
    {
        string? topic = flags.Text(_topic) ?? connection.UrlTopic;
        string? response = flags.Text(_response);
        if (topic is null || response is null)
        {
            flags.Refuse("rr needs two topics: -t for the request and -e for the response.");
            return null;
        }

        TextFlags.CheckTopicName(flags, "-t", topic);
        TextFlags.CheckTopicName(flags, "-e", response);
        int sources = ((ReadOnlySpan<bool>)[flags.Has(_message), flags.Has(_file), flags.Has(_input), flags.Has(_null)]).Count(true);
        if (sources != 1)
        {
            flags.Refuse("rr needs one payload: -m TEXT, -f FILE, -s for the standard input, or -n for an empty one.");
        }

        if (properties.Publish.ResponseTopic is not null)
        {
            flags.Refuse("-D publish response-topic is what -e says here.");
        }

        PrintSettings print = _print.Read(flags);
        if (flags.Has(_latency) && (print.IsVerbose || print.Format is not null))
        {
            flags.Refuse("--latency prints no responses, so -v, -F and --json cannot go with it.");
        }

        long wait = flags.Number(_wait, 1, 2_000_000, 0);
        return new RrSettings
        {
            Request = properties.Publish.ApplyTo(new MqttMessage
            {
                Topic = topic,
                Qos = (QualityOfService)flags.Number(_qos, 0, 2, 0),
                Payload = Encoding.UTF8.GetBytes(flags.Text(_message) ?? ""),
            }),
            ResponseTopic = response,
            SubscribeProperties = UserProperties.Create([.. properties.SubscribeUserProperties]),
            PayloadFile = flags.Has(_input) ? Requester.StandardInput : flags.Text(_file),
            Wait = wait == 0 ? null : TimeSpan.FromSeconds(wait),
            Count = (int)flags.Number(_count, 1, 1_000_000, 1),
            ShowsLatency = flags.Has(_latency),
            Print = print,
        };
    }
}
