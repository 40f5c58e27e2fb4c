using System.Net;
using System.Net.Sockets;

namespace Starling.Transports;

/// <summary>What to connect to, and through which stages.</summary>
public sealed class ConnectTarget
{
    /// <summary>
    /// An <see cref="IPEndPoint"/>, a <see cref="DnsEndPoint"/> or a <see cref="UnixDomainSocketEndPoint"/>. The first two are in the
    /// certificate and in the request unless <see cref="Tls"/> and <see cref="WebSocket"/> say otherwise.
    /// </summary>
    public required EndPoint EndPoint { get; init; }

    /// <summary>TLS on the connection; null for none.</summary>
    public TlsSettings? Tls { get; init; }

    /// <summary>WebSocket on the connection, inside TLS if there is TLS; null for none.</summary>
    public WebSocketSettings? WebSocket { get; init; }

    /// <summary>Told at the beginning of each stage; on any thread, before the connection is attached.</summary>
    public Action<TransportStage>? Reached { get; init; }

    /// <summary>
    /// Told why a connection broke that had been attached, where a stage knows: a server that wants a client certificate says so only then. On
    /// the loop's thread, before <see cref="Protocol.Loops.IConnectionInput.Closed"/>.
    /// </summary>
    public Action<TransportException>? Broke { get; init; }

    /// <summary>Whether the loop reads and writes the socket itself, with no stage between.</summary>
    internal bool IsPlain => Tls is null && WebSocket is null && EndPoint is not UnixDomainSocketEndPoint;

    internal string Host => EndPoint switch
    {
        DnsEndPoint name => name.Host,
        IPEndPoint address => address.Address.ToString(),
        _ => "localhost",
    };
}
