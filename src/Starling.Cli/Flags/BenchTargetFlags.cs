using System.CommandLine;
using Starling.Protocol;

namespace Starling.Cli.Flags;

/// <summary>The flags by which <c>bench</c> reaches the server, with the names that they have in every command.</summary>
internal sealed class BenchTargetFlags
{
    /// <summary>Flags of other commands, and why this one does not have them.</summary>
    public static readonly IReadOnlyDictionary<string, string> Unsupported = UnsupportedFlags();

    private const string UrlForm = "mqtt://[user[:password]@]host[:port]";

    private readonly ServerFlags _server = new(
        FlagKinds.Value("--url", "URL", $"{UrlForm} instead of -h, -p, -u and -P. Default ${VariableNames.Url}.", "-L"), UrlForm);
    private readonly Option<string> _prefix = FlagKinds.Value(
        ConnectionFlags.IdentifierFlag, "PREFIX", "Client Identifiers begin so; a letter for the role and a number follow. Default: a random one.", "-i");
    private readonly Option<string> _keepAlive = ConnectionFlags.CreateKeepAlive();
    private readonly Option<string> _version = ConnectionFlags.CreateVersion();

    public void AddTo(Command command)
    {
        _server.AddTo(command);
        foreach (Option flag in (ReadOnlySpan<Option>)[_prefix, _keepAlive, _version])
        {
            command.Add(flag);
        }
    }

    public ConnectionSettings Read(FlagReader flags, CommandEnvironment environment)
    {
        ServerSettings server = _server.Read(flags, environment);
        ContextFlags.RefuseBesideTcp(flags);
        if (server.IsWebSocket)
        {
            flags.Refuse("-L asks for WebSocket, which is not supported yet. Use mqtt://.");
        }

        if (server.UrlPath is string topic)
        {
            flags.Refuse($"-L has a topic, {topic}, which goes to --topics here.");
        }

        MqttVersion version = flags.Choice(_version, ConnectionFlags.Versions, MqttVersion.V5);
        if (server is { Password: not null, UserName: null } && version != MqttVersion.V5)
        {
            // A password without a user name came with 5.0 [MQTT311-3.1.2-22].
            flags.Refuse("-P needs -u in MQTT 3.1 and 3.1.1.");
        }

        string? prefix = flags.Text(_prefix);
        TextFlags.CheckLength(flags, "-i", prefix);
        return new ConnectionSettings
        {
            Server = new UriBuilder("mqtt", server.Host, server.Port).Uri,
            Host = server.Host.Trim('[', ']'),
            Port = server.Port,
            UserName = server.UserName,
            Password = server.Password,
            ClientIdentifier = prefix,
            KeepAliveSeconds = (int)flags.Number(_keepAlive, 0, ushort.MaxValue, 60),
            Version = version,
            IsVersionChosen = flags.Has(_version),
        };
    }

    private static Dictionary<string, string> UnsupportedFlags()
    {
        Dictionary<string, string> reasons = new(RouteFlags.UnsupportedBesideTcp)
        {
            ["-I"] = "the prefix of Client Identifiers is -i here.",
            ["--id-prefix"] = "the prefix of Client Identifiers is -i here.",
        };
        foreach (string flag in (ReadOnlySpan<string>)
            ["-c", "--disable-clean-session", "-x", "--session-expiry-interval", "-D", "--will-topic", "--will-payload", "--will-qos", "--will-retain"])
        {
            reasons[flag] = "the scenario decides about sessions, Wills and properties.";
        }

        foreach (string flag in (ReadOnlySpan<string>)["-t", "--topic"])
        {
            reasons[flag] = "the topics are --topics here.";
        }

        return reasons;
    }
}
