namespace Starling.Transports;

/// <summary>How far the opening of a connection has come.</summary>
public enum TransportStage : byte
{
    /// <summary>Looking up the name of the server.</summary>
    Dns,

    /// <summary>Opening the TCP connection, or the Unix socket.</summary>
    Tcp,

    /// <summary>The TLS handshake.</summary>
    Tls,

    /// <summary>The opening handshake of WebSocket.</summary>
    WebSocket,
}
