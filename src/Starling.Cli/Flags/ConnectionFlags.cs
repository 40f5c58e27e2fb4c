using System.CommandLine;
using System.Text;
using Starling.Protocol;

namespace Starling.Cli.Flags;

/// <summary>The flags of a connection, with the names and defaults of mosquitto; the same in every command that connects.</summary>
internal sealed class ConnectionFlags
{
    /// <summary>Flags of mosquitto's tools that wait for something, and what it is.</summary>
    public static readonly IReadOnlyDictionary<string, string> Unsupported = UnsupportedFlags();

    private const int ClientIdentifierCharactersMaxOf31 = 23;

    private static readonly (string Word, MqttVersion Value)[] Versions =
    [
        ("5", MqttVersion.V5), ("311", MqttVersion.V311), ("31", MqttVersion.V31), ("5.0", MqttVersion.V5), ("3.1.1", MqttVersion.V311),
        ("3.1", MqttVersion.V31), ("mqttv5", MqttVersion.V5), ("mqttv311", MqttVersion.V311), ("mqttv31", MqttVersion.V31),
    ];

    private readonly Option<string> _host = FlagKinds.Value("--host", "HOST", "The server. Default localhost.", "-h");
    private readonly Option<string> _port = FlagKinds.Value("--port", "PORT", "Its port. Default 1883.", "-p");
    private readonly Option<string> _url = FlagKinds.Value(
        "--url", "URL", "mqtt://[user[:password]@]host[:port][/topic] instead of -h, -p, -u, -P and -t. Default $STARLING_URL.", "-L");
    private readonly Option<string> _userName = FlagKinds.Value("--username", "NAME", "User name. Default $STARLING_USERNAME.", "-u");
    private readonly Option<string> _password = FlagKinds.Value("--pw", "PASSWORD", "Password; others can see it in ps. Default $STARLING_PASSWORD.", "-P");
    private readonly Option<string> _passwordFile = FlagKinds.Value("--password-file", "FILE", "Read the password from the first line of a file.");
    private readonly Option<string> _passwordEnvironment = FlagKinds.Value("--password-env", "NAME", "Read the password from this environment variable.");
    private readonly Option<string> _identifier = FlagKinds.Value("--id", "ID", "Client Identifier. Default: a random one.", "-i");
    private readonly Option<string> _keepAlive = FlagKinds.Value("--keepalive", "SECONDS", "Keep Alive. Default 60.", "-k");
    private readonly Option<string> _version = FlagKinds.Value(
        "--mqtt", "VERSION", "5, 311 or 31. Default 5, and once more with 311 when the server refuses the version.", "-V", "--protocol-version");
    private readonly Option<bool> _persistent = FlagKinds.Switch("--disable-clean-session", "Keep the session; needs -i.", "-c");
    private readonly Option<string> _expiry = FlagKinds.Value(
        "--session-expiry-interval", "SECONDS", "How long the session lasts after the connection; -1: for ever. Default -1 with -c, else 0.", "-x");
    private readonly Option<string> _willTopic = FlagKinds.Value("--will-topic", "TOPIC", "Topic of the Will Message.");
    private readonly Option<string> _willPayload = FlagKinds.Value("--will-payload", "TEXT", "Its payload. Default empty.");
    private readonly Option<string> _willQos = FlagKinds.Value("--will-qos", "QOS", "Its QoS. Default 0.");
    private readonly Option<bool> _willRetain = FlagKinds.Switch("--will-retain", "Retain it.");
    private readonly Option<bool> _debug = FlagKinds.Switch("--debug", "Say what happens on the connection.", "-d");
    private readonly Option<bool> _quiet = FlagKinds.Switch("--quiet", "Print no errors.");

    public void AddTo(Command command)
    {
        foreach (Option flag in (ReadOnlySpan<Option>)
            [_host, _port, _url, _userName, _password, _passwordFile, _passwordEnvironment, _identifier, _keepAlive, _version, _persistent,
             _expiry, _willTopic, _willPayload, _willQos, _willRetain, _debug, _quiet])
        {
            command.Add(flag);
        }
    }

    public ConnectionSettings Read(FlagReader flags, CommandEnvironment environment)
    {
        ServerUrl url = ReadUrl(flags, environment);
        bool isPersistent = flags.Has(_persistent);
        string? identifier = flags.Text(_identifier);
        if (isPersistent && string.IsNullOrEmpty(identifier))
        {
            flags.Refuse("-c keeps the session of a Client Identifier, so -i ID is needed too.");
        }

        string? userName = flags.Text(_userName) ?? url.UserName ?? environment.Variable("STARLING_USERNAME");
        string? password = ReadPassword(flags, environment) ?? url.Password ?? environment.Variable("STARLING_PASSWORD");
        MqttVersion version = flags.Choice(_version, Versions, MqttVersion.V5);
        if (password is not null && userName is null && version != MqttVersion.V5)
        {
            // A password without a user name came with 5.0 [MQTT311-3.1.2-22].
            flags.Refuse("-P needs -u in MQTT 3.1 and 3.1.1.");
        }

        string host = flags.Text(_host) ?? url.Host ?? "localhost";
        if (Uri.CheckHostName(host.Trim('[', ']')) == UriHostNameType.Unknown)
        {
            flags.Refuse($"-h {host} is not allowed: a host name or an IP address; the port goes to -p, a URL to -L. For example -h localhost.");
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
        TextFlags.CheckLength(flags, "-u", userName);
        TextFlags.CheckLength(flags, "-P", password);
        return new ConnectionSettings
        {
            Host = host,
            Port = (int)flags.Number(_port, 1, ushort.MaxValue, url.Port ?? 1883),
            UrlTopic = url.Topic,
            UserName = userName,
            Password = password is null ? null : Encoding.UTF8.GetBytes(password),
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

    private ServerUrl ReadUrl(FlagReader flags, CommandEnvironment environment)
    {
        string? text = flags.Text(_url);
        string source = "-L";
        if (text is null && !flags.Has(_host) && !flags.Has(_port))
        {
            text = environment.Variable("STARLING_URL");
            source = "STARLING_URL";
        }

        if (text is null)
        {
            return new ServerUrl();
        }

        if (ServerUrl.TryParse(text, out ServerUrl url))
        {
            return url;
        }

        flags.Refuse(text.StartsWith("mqtts:", StringComparison.OrdinalIgnoreCase)
            ? $"{source} {text} asks for TLS, which is not supported yet. Use mqtt://."
            : $"{source} {text} is not allowed: mqtt://[user[:password]@]host[:port][/topic]. For example mqtt://localhost:1883/sensors/7.");
        return new ServerUrl();
    }

    private string? ReadPassword(FlagReader flags, CommandEnvironment environment)
    {
        if (flags.Text(_passwordFile) is string path)
        {
            try
            {
                using StreamReader reader = new(path);
                return reader.ReadLine() ?? "";
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                flags.Refuse($"--password-file {path} cannot be read: {e.Message}");
                return null;
            }
        }

        if (flags.Text(_passwordEnvironment) is string name)
        {
            string? value = environment.Variable(name);
            if (value is null)
            {
                flags.Refuse($"--password-env {name}: there is no such environment variable.");
            }

            return value;
        }

        return flags.Text(_password);
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

    private static Dictionary<string, string> UnsupportedFlags()
    {
        Dictionary<string, string> reasons = [];
        foreach (string flag in (ReadOnlySpan<string>)
            ["--cafile", "--capath", "--cert", "--key", "--insecure", "--ciphers", "--tls-version", "--tls-alpn", "--tls-use-os-certs"])
        {
            reasons[flag] = "TLS follows in a later version.";
        }

        foreach (string flag in (ReadOnlySpan<string>)["--psk", "--psk-identity", "--keyform", "--tls-engine", "--tls-engine-kpass-sha1"])
        {
            reasons[flag] = "the TLS of .NET has no pre-shared keys and no engines.";
        }

        foreach (string flag in (ReadOnlySpan<string>)["--unix", "--ws", "--proxy", "-S", "-A", "--nodelay", "-I", "--id-prefix", "-o"])
        {
            reasons[flag] = "it follows in a later version.";
        }

        return reasons;
    }
}
