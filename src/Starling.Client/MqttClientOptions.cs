using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Starling.Client.Core;
using Starling.Protocol;

namespace Starling.Client;

/// <summary>How a client connects. <see cref="MqttClient"/> checks and copies them, so later changes have no effect.</summary>
public sealed class MqttClientOptions
{
    // As its base class, so that nothing of HTTP is loaded for those who do not use it.
    private Delegate? _webSocketRequest;

    /// <summary>
    /// mqtt://host, mqtts://host (TLS), ws://host/path and wss://host/path (WebSocket), each with or without a port (1883, 8883, 80, 443), and
    /// unix:///path/of/socket; tried in order, then from the beginning. At least one. A WebSocket without a path is asked for at /mqtt.
    /// </summary>
    public IList<Uri> Servers { get; } = [];

    /// <summary>The Client Identifier; null: random, empty: the server's choice. With both the session ends with the connection.</summary>
    public string? ClientId { get; set; }

    /// <summary>The version to speak.</summary>
    public MqttVersion Version { get; set; } = MqttVersion.V5;

    /// <summary>Whether a server that refuses 5.0 as unknown (CONNACK 0x84 or return code 1) is tried with 3.1.1 at once.</summary>
    public bool VersionFallback { get; set; } = true;

    /// <summary>Whether the first connection throws an existing session away. 3.x: whether sessions end with their connections.</summary>
    public bool CleanStart { get; set; }

    /// <summary>
    /// How long the server keeps the session after a connection ends; <see cref="TimeSpan.MaxValue"/> for ever, zero for not at all.
    /// Zero whenever <see cref="ClientId"/> is null or empty. Default 1 h. 3.x knows only zero and for ever.
    /// </summary>
    public TimeSpan SessionExpiry { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Keep Alive: 0 (off) to 65535 s, in whole seconds. Default 60 s.</summary>
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>User name and password; null for none. Asked at every connect.</summary>
    public IMqttCredentials? Credentials { get; set; }

    /// <summary>Enhanced authentication; null for none. 5.0 only.</summary>
    public IEnhancedAuthentication? Authentication { get; set; }

    /// <summary>TLS, for servers with mqtts and wss.</summary>
    public MqttTlsOptions Tls { get; } = new();

    /// <summary>
    /// Changes the opening request of ws and wss before it is sent, for example to add a header; null for nothing. Called at each connect, on a
    /// thread of the pool.
    /// </summary>
    public Func<HttpRequestMessage, ValueTask>? WebSocketRequest
    {
        get => (Func<HttpRequestMessage, ValueTask>?)_webSocketRequest;
        set => _webSocketRequest = value;
    }

    /// <summary>The Will Message; null for none. Its payload has at most 65535 bytes.</summary>
    public MqttMessage? Will { get; set; }

    /// <summary>How long the server waits with the Will. 5.0 only.</summary>
    public TimeSpan WillDelay { get; set; }

    /// <summary>The most QoS 1 and QoS 2 deliveries that are unacknowledged at a time, from 1. Default 256.</summary>
    public ushort ReceiveMaximum { get; set; } = 256;

    /// <summary>The largest packet taken, in bytes: 1 KiB to 256 MiB. Default 2 MiB.</summary>
    public uint MaximumPacketSize { get; set; } = 2 << 20;

    /// <summary>Whether Topic Aliases are used for what is published. 5.0 only.</summary>
    public TopicAliasing TopicAliases { get; set; } = TopicAliasing.Automatic;

    /// <summary>User Properties of CONNECT. 5.0 only.</summary>
    public UserProperties UserProperties { get; set; } = [];

    /// <summary>Delays after a lost connection.</summary>
    public ReconnectOptions Reconnect { get; } = new();

    /// <summary>What the first connect does when no server can be reached.</summary>
    public InitialConnect InitialConnect { get; set; } = InitialConnect.FailFast;

    /// <summary>Where QoS 1 and QoS 2 messages wait. Default 16 MiB of memory.</summary>
    public OutboxOptions Outbox { get; set; } = OutboxOptions.Memory(16 << 20);

    /// <summary>How long one attempt may take, name look-up to CONNACK. Default 10 s; above 0, at most 24 h.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long disposing waits for open exchanges, and disconnecting for the peer. Default 5 s; 0 to 24 h.</summary>
    public TimeSpan ShutdownTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How types are written and read: by the Content Type of a message, else in this order. Bytes, texts and numbers are built in.
    /// </summary>
    public IList<IMqttSerializer> Serializers { get; } = [];

    /// <summary>Whether CONNECT asks for Response Information, the place for the topics of replies. 5.0 only.</summary>
    public bool RequestResponseInformation { get; set; } = true;

    /// <summary>For delays and time-outs.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>For logs; null for none.</summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>
    /// Makes the meter of the metrics; null for one that lives as long as the client. Names: docs/client/telemetry.md.
    /// </summary>
    public IMeterFactory? MeterFactory { get; set; }

    /// <summary>Opens connections; null: by the scheme of the address.</summary>
    public ITransportConnector? Transport { get; set; }

    /// <summary>
    /// Reads mqtt://[user[:password]@]host[:port][,host[:port]…][?key=value&amp;…], the same with mqtts, ws and wss (whose hosts may be
    /// followed by a path), and unix:///path. Keys: clientId, version (3.1, 3.1.1, 5), cleanStart, sessionExpiry, keepAlive, connectTimeout,
    /// reconnectMax (seconds, or with s, m, h, d), receiveMaximum, outbox (memory, or the directory of a
    /// file), outboxMax (bytes, or with KiB, MiB, GiB); for mqtts and wss caFile, certFile, keyFile, pinned, serverName, alpn.
    /// </summary>
    /// <exception cref="FormatException">It is something else; the message says what, and suggests.</exception>
    public static MqttClientOptions Parse(string uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        return OptionsParser.Parse(uri);
    }

    /// <summary>The servers, the Client Identifier and the version; never a secret.</summary>
    public override string ToString() =>
        $"{string.Join(',', Servers.Select(ServerScheme.Print))} clientId={ClientId ?? "(random)"} version={Version}";

    /// <summary>Whether the session outlives its connections: it needs a name, under which it is found again [MQTT311-3.1.3-7].</summary>
    internal bool KeepsSession => !string.IsNullOrEmpty(ClientId) && SessionExpiry > TimeSpan.Zero;

    internal MqttClientOptions Copy()
    {
        MqttClientOptions copy = CopyValues();
        foreach (Uri server in Servers)
        {
            copy.Servers.Add(server);
        }

        foreach (IMqttSerializer serializer in Serializers)
        {
            copy.Serializers.Add(serializer);
        }

        Tls.CopyTo(copy.Tls);
        copy.Reconnect.Enabled = Reconnect.Enabled;
        copy.Reconnect.FirstDelay = Reconnect.FirstDelay;
        copy.Reconnect.MaxDelay = Reconnect.MaxDelay;
        copy.Reconnect.StableAfter = Reconnect.StableAfter;
        return copy;
    }

    private MqttClientOptions CopyValues() => new()
    {
        ClientId = ClientId,
        Version = Version,
        VersionFallback = VersionFallback,
        CleanStart = CleanStart,
        SessionExpiry = SessionExpiry,
        KeepAlive = KeepAlive,
        Credentials = Credentials,
        Authentication = Authentication,
        _webSocketRequest = _webSocketRequest,
        Will = Will,
        WillDelay = WillDelay,
        ReceiveMaximum = ReceiveMaximum,
        MaximumPacketSize = MaximumPacketSize,
        TopicAliases = TopicAliases,
        UserProperties = UserProperties,
        RequestResponseInformation = RequestResponseInformation,
        InitialConnect = InitialConnect,
        Outbox = Outbox,
        ConnectTimeout = ConnectTimeout,
        ShutdownTimeout = ShutdownTimeout,
        TimeProvider = TimeProvider,
        LoggerFactory = LoggerFactory,
        MeterFactory = MeterFactory,
        Transport = Transport,
    };
}
