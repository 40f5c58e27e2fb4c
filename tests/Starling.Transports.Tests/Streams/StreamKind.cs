namespace Starling.Transports.Tests.Streams;

/// <summary>The stages above a socket, and Unix sockets, which have none.</summary>
public enum StreamKind
{
    Tls,
    WebSocket,
    SecureWebSocket,
    Unix,
}
