using Starling.Protocol.Loops;

namespace Starling.Client;

/// <summary>Opens connections and drives them on one event loop. One connector serves one client, which disposes it.</summary>
public interface ITransportConnector : IAsyncDisposable
{
    /// <summary>Starts the loop that drives the client's core. Called once, first.</summary>
    void Start(ILoopClient client);

    /// <summary>
    /// Opens one connection; the loop attaches it to the client's core, at the latest when the task is done. Called again only after
    /// the task is done.
    /// </summary>
    /// <exception cref="System.Net.Sockets.SocketException">It could not be opened; so may an <see cref="IOException"/> say.</exception>
    ValueTask ConnectAsync(Uri server, CancellationToken ct);
}
