using System.CommandLine;
using System.Text;
using Starling.Protocol;

namespace Starling.Cli.Flags;

/// <summary>The flags of a connection, with the names and defaults of mosquitto; the same in every command that connects.</summary>
internal sealed class ConnectionFlags
{
    /// <summary>The flag of the Client Identifier.</summary>
    public const string IdentifierFlag = "--id";

    /// <summary>Flags of mosquitto's tools that do not work here, and why.</summary>
    public static readonly IReadOnlyDictionary<string, string> Unsupported = RouteFlags.Unsupported;

    /// <summary>The words for each version.</summary>
    public static readonly (string Word, MqttVersion Value)[] Versions =
    [
        ("5", MqttVersion.V5), ("311", MqttVersion.V311), ("31", MqttVersion.V31), ("5.0", MqttVersion.V5), ("3.1.1", MqttVersion.V311),
        ("3.1", MqttVersion.V31), ("mqttv5", MqttVersion.V5), ("mqttv311", MqttVersion.V311), ("mqttv31", MqttVersion.V31),
    ];

    private const int ClientIdentifierCharactersMaxOf31 = 23;
    private const string UrlForm = "mqtt://[user[:password]@]host[:port][/topic], or mqtts, ws or wss";

    private readonly ServerFlags _server = new(
        FlagKinds.Value("--url", "URL", $"{UrlForm}, instead of -h, -p, -u, -P and -t. Default ${VariableNames.Url}.", "-L"), UrlForm);
    private readonly RouteFlags _route = new();
    private readonly TlsFlags _tls = new();
    private readonly Option<string> _prefix = FlagKinds.Value("--id-prefix", "TEXT", "Client Identifier: this and the number of the process.", "-I");
    private readonly Option<string> _identifier = FlagKinds.Value(IdentifierFlag, "ID", "Client Identifier. Default: a random one.", "-i");
    private readonly Option<string> _keepAlive = CreateKeepAlive();
    private readonly Option<string> _version = CreateVersion();
    private readonly Option<bool> _persistent = FlagKinds.Switch("--disable-clean-session", "Keep the session; needs -i.", "-c");
    private readonly Option<string> _expiry = FlagKinds.Value(
        "--session-expiry-interval", "SECONDS", "How long the session lasts after the connection; -1: for ever. Default -1 with -c, else 0.", "-x");
    private readonly Option<string> _willTopic = FlagKinds.Value("--will-topic", "TOPIC", "Topic of the Will Message.");
    private readonly Option<string> _willPayload = FlagKinds.Value("--will-payload", "TEXT", "Its payload. Default empty.");
    private readonly Option<string> _willQos = FlagKinds.Value("--will-qos", "QOS", "Its QoS. Default 0.");
    private readonly Option<bool> _willRetain = FlagKinds.Switch("--will-retain", "Retain it.");
    private readonly Option<bool> _debug = FlagKinds.Switch("--debug", "Say what happens on the connection.", "-d");
    private readonly Option<bool> _quiet = FlagKinds.Switch("--quiet", "Print no errors.");

    /// <summary>The flag of the Keep Alive, the same in every command.</summary>
    public static Option<string> CreateKeepAlive() => FlagKinds.Value("--keepalive", "SECONDS", "Keep Alive. Default 60.", "-k");

    /// <summary>The flag of the version, the same in every command that tries one.</summary>
    public static Option<string> CreateVersion() => FlagKinds.Value(
        "--mqtt", "VERSION", "5, 311 or 31. Default 5, and once more with 311 when the server refuses the version.", "-V", "--protocol-version");

    public void AddTo(Command command)
    {
        _server.AddTo(command);
        _route.AddTo(command);
        _tls.AddTo(command);
        foreach (Option flag in (ReadOnlySpan<Option>)
            [_identifier, _prefix, _keepAlive, _version, _persistent, _expiry, _willTopic, _willPayload, _willQos, _willRetain, _debug, _quiet])
        {
            command.Add(flag);
        }
    }

    public ConnectionSettings Read(FlagReader flags, CommandEnvironment environment)
    {
        ServerSettings server = _server.Read(flags, environment, _route.Socket);
        TlsFlagSettings tls = _tls.Read(flags);
        bool isPersistent = flags.Has(_persistent);
        string? identifier = ReadIdentifier(flags);
        if (isPersistent && string.IsNullOrEmpty(identifier))
        {
            flags.Refuse("-c keeps the session of a Client Identifier, so -i ID is needed too.");
        }

        MqttVersion version = flags.Choice(_version, Versions, MqttVersion.V5);
        if (server is { Password: not null, UserName: null } && version != MqttVersion.V5)
        {
            // A password without a user name came with 5.0 [MQTT311-3.1.2-22].
            flags.Refuse("-P needs -u in MQTT 3.1 and 3.1.1.");
        }

        if (version == MqttVersion.V31 && identifier is { Length: 0 or > ClientIdentifierCharactersMaxOf31 })
        {
            flags.Refuse($"-i {identifier} is not allowed: 1 to 23 characters in MQTT 3.1. For example -i meter-7.");
        }

        if (version != MqttVersion.V5 && flags.Has(_expiry))
        {
            flags.Refuse("-x needs MQTT 5: leave -V out.");
        }

        TextFlags.CheckLength(flags, "-i", identifier);
        return new ConnectionSettings
        {
            Host = server.Host,
            Port = server.Port,
            Server = _route.Read(flags, server, tls),
            Tls = tls,
            UrlTopic = server.IsWebSocket ? null : server.UrlPath,
            UserName = server.UserName,
            Password = server.Password,
            ClientIdentifier = identifier,
            KeepAliveSeconds = (int)flags.Number(_keepAlive, 0, ushort.MaxValue, 60),
            Version = version,
            IsVersionChosen = flags.Has(_version),
            CleanStart = !isPersistent,
            SessionExpirySeconds = ReadExpiry(flags, isPersistent),
            Will = ReadWill(flags),
            IsDebug = flags.Has(_debug),
            IsQuiet = flags.Has(_quiet),
        };
    }

    private string? ReadIdentifier(FlagReader flags)
    {
        // One on the command line counts more than the other in a context.
        string? prefix = flags.IsGiven(_identifier) ? flags.Given(_prefix) : flags.Text(_prefix);
        if (prefix is null)
        {
            return flags.Text(_identifier);
        }

        if (flags.Has(_identifier) && flags.IsGiven(_identifier) == flags.IsGiven(_prefix))
        {
            flags.Refuse("-i and -I cannot go together.");
        }

        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{prefix}{Environment.ProcessId}");
    }

    private uint ReadExpiry(FlagReader flags, bool isPersistent)
    {
        if (flags.Text(_expiry) == "∞")
        {
            return uint.MaxValue;
        }

        long seconds = flags.Number(_expiry, -1, uint.MaxValue, isPersistent ? -1 : 0);
        return seconds < 0 ? uint.MaxValue : (uint)seconds;
    }

    private WillSettings? ReadWill(FlagReader flags)
    {
        int qos = (int)flags.Number(_willQos, 0, 2, 0);
        string? topic = flags.Text(_willTopic);
        if (topic is null)
        {
            if (flags.Has(_willPayload) || flags.Has(_willQos) || flags.Has(_willRetain))
            {
                flags.Refuse("--will-payload, --will-qos and --will-retain need --will-topic TOPIC.");
            }

            return null;
        }

        TextFlags.CheckTopicName(flags, "--will-topic", topic);
        TextFlags.CheckLength(flags, "--will-payload", flags.Text(_willPayload));
        byte[] payload = Encoding.UTF8.GetBytes(flags.Text(_willPayload) ?? "");
        return new WillSettings(topic, payload, (QualityOfService)qos, flags.Has(_willRetain));
    }
}
