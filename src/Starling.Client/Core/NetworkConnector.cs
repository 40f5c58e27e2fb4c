using System.Net;
using System.Net.Sockets;
using Starling.Protocol.Loops;
using Starling.Transports;

namespace Starling.Client.Core;

/// <summary>All that an address can name, on one event loop: TCP, TLS, WebSocket and Unix sockets.</summary>
internal sealed class NetworkConnector(MqttClientOptions options) : ITransportConnector, IStagedConnector
{
    private const long BudgetBytes = 1L << 30;

    private LoopGroup? _loops;
    private TransportException? _fault;
    private volatile ConnectStage _stage;

    public ConnectStage Stage => _stage;

    public TransportException? Fault => Volatile.Read(ref _fault);

    public void Start(ILoopClient client) => _loops = LoopGroup.Start(
        new LoopGroupOptions
        {
            Loops = 1,
            Budget = new MemoryBudget(BudgetBytes),
            Time = options.TimeProvider,
            Loggers = options.LoggerFactory,
            ThreadNamePrefix = "starling-client-",
            ConnectTimeout = options.ConnectTimeout,
            Streams = options.Servers.Any(static server => server.Scheme != ServerScheme.Tcp),
        },
        _ => client);

    public ValueTask ConnectAsync(Uri server, CancellationToken ct)
    {
        LoopGroup loops = _loops ?? throw new InvalidOperationException("Not started.");
        Volatile.Write(ref _fault, null);
        _stage = ConnectStage.Dns;
        ConnectTarget target = new()
        {
            EndPoint = EndPointOf(server),
            Tls = ServerScheme.HasTls(server.Scheme) ? options.Tls.ToSettings() : null,
            WebSocket = ServerScheme.IsWebSocket(server.Scheme) ? WebSocketOf(server) : null,
            Reached = stage => _stage = StageOf(stage),
            Broke = fault => Volatile.Write(ref _fault, fault),
        };
        return loops.ConnectAsync(0, target, default, ct);
    }

    public async ValueTask DisposeAsync()
    {
        if (_loops is { } loops)
        {
            await loops.DisposeAsync().ConfigureAwait(false);
        }
    }

    public static ConnectStage StageOf(TransportStage stage) => stage switch
    {
        TransportStage.Dns => ConnectStage.Dns,
        TransportStage.Tls => ConnectStage.Tls,
        TransportStage.WebSocket => ConnectStage.WebSocket,
        _ => ConnectStage.Tcp,
    };

    private static EndPoint EndPointOf(Uri server)
    {
        if (server.Scheme == ServerScheme.Unix)
        {
            return new UnixDomainSocketEndPoint(Uri.UnescapeDataString(server.AbsolutePath));
        }

        int port = ServerScheme.PortOf(server);
        return IPAddress.TryParse(server.DnsSafeHost, out IPAddress? address)
            ? new IPEndPoint(address, port)
            : new DnsEndPoint(server.DnsSafeHost, port);
    }

    private WebSocketSettings WebSocketOf(Uri server)
    {
        return new WebSocketSettings
        {
            // Most servers expect MQTT at /mqtt.
            Address = ServerScheme.HasPath(server) ? server : new Uri(server, "/mqtt"),
            Request = options.WebSocketRequest,
        };
    }
}
