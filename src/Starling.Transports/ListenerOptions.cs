using System.Net;

namespace Starling.Transports;

/// <summary>
/// One listener: TCP, IPv4 or IPv6 by its address. The scheme belongs here when there is more than one (TLS, WebSocket, Unix
/// sockets): an accepted connection then gets a stage between its socket and its input, and the loops stay as they are.
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
