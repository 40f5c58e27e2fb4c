using System.Net;
using System.Net.Sockets;

namespace Starling.Bench.Running;

/// <summary>The server of a run: found once, so that looking up its name is no part of what is measured.</summary>
internal static class BenchTarget
{
    private const int PatienceSeconds = 10;

    /// <summary>The first address of the server that takes a connection.</summary>
    /// <exception cref="SocketException">None does, or the name is not known.</exception>
    public static async Task<IPEndPoint> FindAsync(string host, int port, TimeProvider time, CancellationToken stop)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(PatienceSeconds), time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stop);
        IPAddress[] addresses = IPAddress.TryParse(host, out IPAddress? literal)
            ? [literal]
            : await Dns.GetHostAddressesAsync(host, either.Token).ConfigureAwait(false);
        SocketException failure = new((int)SocketError.HostNotFound);
        foreach (IPAddress address in addresses)
        {
            using Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                IPEndPoint endPoint = new(address, port);
                await socket.ConnectAsync(endPoint, either.Token).ConfigureAwait(false);
                return endPoint;
            }
            catch (SocketException e)
            {
                failure = e;
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                failure = new SocketException((int)SocketError.TimedOut);
            }
        }

        throw failure;
    }
}
