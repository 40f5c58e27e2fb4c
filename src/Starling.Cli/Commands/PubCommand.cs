using System.CommandLine;
using Starling.Cli.Connections;
using Starling.Cli.Flags;
using Starling.Client;
using Starling.Protocol;

namespace Starling.Cli.Commands;

/// <summary><c>starling pub</c>: publishes messages.</summary>
internal sealed class PubCommand : ICommand
{
    private readonly ConnectionFlags _connection = new();
    private readonly PropertyFlag _properties = new();
    private readonly Option<string> _topic = FlagKinds.Value("--topic", "TOPIC", "Publish to this Topic Name.", "-t");
    private readonly Option<string> _message = FlagKinds.Value("--message", "TEXT", "The payload.", "-m");
    private readonly Option<string> _file = FlagKinds.Value("--file", "FILE", "The payload is the content of a file.", "-f");
    private readonly Option<bool> _lines = FlagKinds.Switch("--stdin-line", "Each line of the standard input is a message.", "-l");
    private readonly Option<bool> _wholeInput = FlagKinds.Switch("--stdin-file", "The payload is the whole standard input.", "-s");
    private readonly Option<bool> _null = FlagKinds.Switch("--null-message", "The payload is empty.", "-n");
    private readonly Option<string> _qos = FlagKinds.Value("--qos", "QOS", "0, 1 or 2. Default 0.", "-q");
    private readonly Option<bool> _retain = FlagKinds.Switch("--retain", "Retain the message.", "-r");
    private readonly Option<string> _repeat = FlagKinds.Value("--repeat", "N", "Publish the message so often. Default 1.");
    private readonly Option<string> _repeatDelay = FlagKinds.Value("--repeat-delay", "SECONDS", "Wait so long between repetitions. Default 0.");
    private readonly Option<string> _inFlight = FlagKinds.Value("--max-inflight", "N", "QoS 1 and 2 messages under way at a time. Default 20.", "-M");

    private readonly Option<string> _form = FlagKinds.Value("--format", "FORM", "How the payload is written: text, hex or base64. Default text.");
    private readonly Option<string> _rate = FlagKinds.Value("--rate", "N", "Publish at most so many messages a second.");

    public PubCommand()
    {
        Syntax = new FlagSet
        {
            _topic, _message, _file, _lines, _wholeInput, _null, _qos, _retain, _repeat, _repeatDelay, _inFlight, _form, _rate,
        };
        _properties.AddTo(Syntax);
        _connection.AddTo(Syntax);
    }

    public Command Syntax { get; }

    public IReadOnlyList<string> Examples { get; } =
    [
        "starling pub -t sensors/7/temperature -m 21.5",
        "starling pub -h broker -q 1 -r -t doors/front -m open",
        "tail -f log.txt | starling pub -t logs -l",
    ];

    public IReadOnlyDictionary<string, string> Unsupported => ConnectionFlags.Unsupported;

    public string HelpEnd => "";

    public async Task<int> RunAsync(ParseResult parsed, CommandEnvironment environment)
    {
        FlagReader flags = new(parsed);
        ConnectionSettings connection = _connection.Read(flags, environment);
        PropertySettings properties = ReadProperties(flags, connection.Version);
        PubSettings? settings = Read(flags, connection, properties);
        if (flags.Error is not null || settings is null)
        {
            return environment.RefuseUsage(flags.Error ?? "nothing to publish.");
        }

        byte[]? payload = null;
        if (settings.Source is PayloadSource.File && !TryReadFile(settings.Text, connection, environment, out payload))
        {
            return ExitCode.Usage;
        }

        Publisher publisher = new(settings, connection, environment);
        return await publisher.RunAsync(ClientSetup.CreateOptions(connection, properties), payload).ConfigureAwait(false);
    }

    /// <summary>What the -D flags say.</summary>
    internal PropertySettings ReadProperties(FlagReader flags, MqttVersion version) => _properties.Read(flags, version);

    /// <summary>What the flags say; null, or with an error kept in <paramref name="flags"/>, when they are wrong.</summary>
    internal PubSettings? Read(FlagReader flags, ConnectionSettings connection, PropertySettings properties)
    {
        string? topic = flags.Text(_topic) ?? connection.UrlTopic;
        if (topic is null)
        {
            flags.Refuse("pub needs a topic: -t TOPIC.");
            return null;
        }

        TextFlags.CheckTopicName(flags, "-t", topic);
        PayloadSource source = ReadSource(flags);
        if (source == PayloadSource.None)
        {
            return null;
        }

        if (source == PayloadSource.Lines && flags.Has(_repeat))
        {
            flags.Refuse("--repeat cannot go with -l.");
        }

        QualityOfService qos = (QualityOfService)flags.Number(_qos, 0, 2, 0);
        string text = flags.Text(_message) ?? flags.Text(_file) ?? "";
        return new PubSettings
        {
            Source = source,
            Text = text,
            Template = properties.Publish.ApplyTo(new MqttMessage { Topic = topic, Qos = qos, Retain = flags.Has(_retain) }),
            Repetitions = (int)flags.Number(_repeat, 1, int.MaxValue, 1),
            RepeatDelay = ReadDelay(flags),
            Form = flags.Choice(_form, PayloadForms.All, PayloadForm.Text),
            RatePerSecond = ReadRate(flags),
            InFlightMax = (int)flags.Number(_inFlight, 1, ushort.MaxValue, 20),
        };
    }

    private PayloadSource ReadSource(FlagReader flags)
    {
        (Option Flag, PayloadSource Source)[] sources =
        [
            (_message, PayloadSource.Text), (_file, PayloadSource.File), (_lines, PayloadSource.Lines), (_wholeInput, PayloadSource.Input),
            (_null, PayloadSource.Empty),
        ];
        PayloadSource found = PayloadSource.None;
        foreach ((Option flag, PayloadSource source) in sources)
        {
            if (!flags.Has(flag))
            {
                continue;
            }

            if (found != PayloadSource.None)
            {
                flags.Refuse("only one of -m, -f, -l, -s and -n can be given.");
            }

            found = source;
        }

        if (found == PayloadSource.None)
        {
            flags.Refuse("pub needs something to publish: -m TEXT, -f FILE, -l or -s for the standard input, or -n for nothing.");
        }

        return found;
    }

    private double? ReadRate(FlagReader flags)
    {
        string? text = flags.Text(_rate);
        if (text is null)
        {
            return null;
        }

        if (double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out double rate) && rate is >= 0.001 and <= 1_000_000)
        {
            return rate;
        }

        flags.Refuse($"--rate {text} is not allowed: messages a second from 0.001 to 1000000. For example --rate 10.");
        return null;
    }

    private TimeSpan ReadDelay(FlagReader flags)
    {
        string? text = flags.Text(_repeatDelay);
        if (text is null)
        {
            return TimeSpan.Zero;
        }

        if (double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out double seconds) && seconds is >= 0 and <= 86_400)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        flags.Refuse($"--repeat-delay {text} is not allowed: seconds from 0 to 86400. For example --repeat-delay 0.5.");
        return TimeSpan.Zero;
    }

    private static bool TryReadFile(string path, ConnectionSettings connection, CommandEnvironment environment, out byte[]? content)
    {
        try
        {
            content = File.ReadAllBytes(path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            FailureReport.WriteLine($"{path} cannot be read: {e.Message}", connection, environment);
            content = null;
            return false;
        }
    }
}
