using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Starling.Transports.Loops;

namespace Starling.Transports.Streams;

/// <summary>Opens a connection through its stages, outside of the loop that gets it.</summary>
internal static class StreamConnecting
{
    public static async Task<StreamConnection> OpenAsync(ConnectTarget target, ILogger logger, CancellationToken ct)
    {
        Socket socket = await OpenSocketAsync(target, ct).ConfigureAwait(false);
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            if (target.Tls is { } tls)
            {
                target.Reached?.Invoke(TransportStage.Tls);
                stream = await TlsHandshake.OpenAsync(stream, tls, target.Host, logger, ct).ConfigureAwait(false);
            }

            if (target.WebSocket is { } webSocket)
            {
                target.Reached?.Invoke(TransportStage.WebSocket);
                stream = await WebSocketHandshake.OpenAsync(stream, webSocket, ct).ConfigureAwait(false);
            }

            return new StreamConnection(socket, stream, target.Broke);
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<Socket> OpenSocketAsync(ConnectTarget target, CancellationToken ct)
    {
        if (target.EndPoint is UnixDomainSocketEndPoint path)
        {
            target.Reached?.Invoke(TransportStage.Tcp);
            return await ConnectAsync(path, ProtocolType.Unspecified, ct).ConfigureAwait(false);
        }

        target.Reached?.Invoke(TransportStage.Dns);
        IPEndPoint[] candidates = await Connecting.ResolveAsync(target.EndPoint, ct).ConfigureAwait(false);
        target.Reached?.Invoke(TransportStage.Tcp);
        SocketException failure = new((int)SocketError.HostNotFound);
        foreach (IPEndPoint candidate in candidates)
        {
            try
            {
                return await ConnectAsync(candidate, ProtocolType.Tcp, ct).ConfigureAwait(false);
            }
            catch (SocketException refused)
            {
                failure = refused;
                ct.ThrowIfCancellationRequested();
            }
        }

        throw failure;
    }

    private static async Task<Socket> ConnectAsync(EndPoint endPoint, ProtocolType protocol, CancellationToken ct)
    {
        Socket socket = new(endPoint.AddressFamily, SocketType.Stream, protocol);
        try
        {
            if (protocol == ProtocolType.Tcp)
            {
                socket.NoDelay = true;
            }

            await socket.ConnectAsync(endPoint, ct).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
