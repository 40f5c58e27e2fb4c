using System.Net;

namespace Starling.Transports;

/// <summary>
/// One listener: TCP, IPv4 or IPv6 by its address. TLS, WebSocket and Unix sockets will be a scheme here; the loops do not change
/// for them, because a connection then has a stage between its socket and its input (see the map of this project in ARCHITECTURE.md).
/// </summary>
public sealed record ListenerOptions
{
    /// <summary>
    /// Where to listen; port 0 takes a free one. An IPv6 address takes no IPv4 connections, so 0.0.0.0 and [::] can both be given.
    /// </summary>
    public required IPEndPoint EndPoint { get; init; }

    /// <summary>Given to the client with each connection.</summary>
    public string Name { get; init; } = "";

    /// <summary>How many connections may wait to be accepted; the kernel may allow fewer.</summary>
    public int Backlog { get; init; } = 4096;
}
