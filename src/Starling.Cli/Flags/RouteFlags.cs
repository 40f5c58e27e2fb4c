using System.CommandLine;

namespace Starling.Cli.Flags;

/// <summary>The flags about the way to the server: a Unix socket, WebSocket, and what only mosquitto's own tools go through.</summary>
internal sealed class RouteFlags
{
    /// <summary>Flags of mosquitto that do not work here, and why.</summary>
    public static readonly IReadOnlyDictionary<string, string> Unsupported = new Dictionary<string, string>
    {
        ["--psk"] = "the TLS of .NET has no pre-shared keys.",
        ["--psk-identity"] = "the TLS of .NET has no pre-shared keys.",
        ["--tls-engine"] = "the TLS of .NET has no engines.",
        ["--tls-engine-kpass-sha1"] = "the TLS of .NET has no engines.",
        ["-o"] = "flags are not read from a file; `starling context add` keeps those of a connection under a name.",
        ["-S"] = "the name look-up of .NET has no SRV records; name the host and port.",
        ["-A"] = "only Starling called as mosquitto_pub, mosquitto_sub or mosquitto_rr binds an address.",
        ["--proxy"] = "only Starling called as mosquitto_pub, mosquitto_sub or mosquitto_rr goes through a SOCKS proxy.",
    };

    /// <summary>The same for the commands that open connections in ways of their own, and know TCP only.</summary>
    public static readonly IReadOnlyDictionary<string, string> UnsupportedBesideTcp = WithoutTls();

    /// <summary>The flag that names a Unix socket.</summary>
    public Option<string> Socket { get; } = FlagKinds.Value("--unix", "PATH", "Connect to a Unix socket instead of a host and port.");
    private readonly Option<bool> _ws = FlagKinds.Switch("--ws", "Speak MQTT in WebSocket, at /mqtt.");
    private readonly Option<bool> _noDelay = FlagKinds.Switch("--nodelay", "Send small packets at once, which is always done.");

    public void AddTo(Command command)
    {
        command.Add(Socket);
        command.Add(_ws);
        command.Add(_noDelay);
    }

    /// <summary>The address of the server; what is wrong is kept in <paramref name="flags"/>.</summary>
    public Uri Read(FlagReader flags, ServerSettings server, TlsFlagSettings tls)
    {
        // What a context says about the way gives way to a server on the command line.
        bool isWebSocket = flags.IsGiven(_ws) || (!server.IsUrlGiven && flags.Has(_ws));
        if (flags.Given(Socket) is { } || (!server.IsAddressGiven && flags.Kept(Socket) is { }))
        {
            string path = flags.Text(Socket) ?? "";
            if (server.IsWebSocket || server.IsEncrypted || tls.AsksForTls || isWebSocket)
            {
                flags.Refuse("--unix goes without TLS and WebSocket.");
            }

            if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
            {
                flags.Refuse("--unix needs the path of a socket. For example --unix /run/starling/mqtt.sock.");
                return new Uri("unix:///");
            }

            return new UriBuilder("unix", "") { Path = Path.GetFullPath(path) }.Uri;
        }

        if (flags.Error is not null)
        {
            // A host that is none makes no address.
            return new Uri("mqtt://localhost");
        }

        bool isEncrypted = server.IsEncrypted || tls.AsksForTls;
        string scheme = (server.IsWebSocket || isWebSocket, isEncrypted) switch
        {
            (true, true) => "wss",
            (true, false) => "ws",
            (false, true) => "mqtts",
            _ => "mqtt",
        };
        int port = server.IsPortChosen ? server.Port : isEncrypted ? ServerUrl.SecurePort : server.Port;
        return new UriBuilder(scheme, server.Host, port) { Path = scheme.StartsWith("ws", StringComparison.Ordinal) ? WebSocketPath(server) : "" }.Uri;
    }

    private static string WebSocketPath(ServerSettings server) => server is { IsWebSocket: true, UrlPath: { } path } ? $"/{path}" : "/mqtt";

    private static Dictionary<string, string> WithoutTls()
    {
        Dictionary<string, string> reasons = new(Unsupported);
        foreach (string flag in (ReadOnlySpan<string>)
            ["--cafile", "--capath", "--cert", "--key", "--keyform", "--insecure", "--ciphers", "--tls-version", "--tls-alpn", "--tls-use-os-certs"])
        {
            reasons[flag] = "bench and conform open connections of their own, without TLS.";
        }

        foreach (string flag in (ReadOnlySpan<string>)["--unix", "--ws", "--nodelay", "-I", "--id-prefix"])
        {
            reasons[flag] = "bench and conform open connections of their own, over TCP.";
        }

        return reasons;
    }
}
