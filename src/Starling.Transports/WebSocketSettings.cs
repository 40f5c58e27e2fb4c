namespace Starling.Transports;

/// <summary>How a connection asks for WebSocket.</summary>
public sealed class WebSocketSettings
{
    /// <summary>ws:// or wss://, host, path and query of the request. It does not say where to connect to.</summary>
    public required Uri Address { get; init; }

    /// <summary>The sub-protocol that is offered, and that the server must choose [MQTT-6.0.0-3]. Default mqtt.</summary>
    public string SubProtocol { get; init; } = "mqtt";

    /// <summary>
    /// Changes the request before it is sent: its headers, path and query; null for nothing. What belongs to the opening handshake
    /// itself (Upgrade, Connection, Sec-WebSocket-*) is set afterwards. Called on a thread of the pool, once for each connect.
    /// </summary>
    public Func<HttpRequestMessage, ValueTask>? Request { get; init; }
}
