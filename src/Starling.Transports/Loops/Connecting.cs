using System.Net;
using System.Net.Sockets;
using Starling.Protocol.Loops;

namespace Starling.Transports.Loops;

/// <summary>Opening a connection, apart from what a driver does: names, and one address after the other.</summary>
internal static class Connecting
{
    public static async Task<IPEndPoint[]> ResolveAsync(EndPoint endPoint, CancellationToken cancellation)
    {
        switch (endPoint)
        {
            case IPEndPoint address:
                return [address];
            case DnsEndPoint name:
                IPAddress[] addresses = await Dns.GetHostAddressesAsync(name.Host, name.AddressFamily, cancellation).ConfigureAwait(false);
                return Array.ConvertAll(addresses, address => new IPEndPoint(address, name.Port));
            default:
                throw new ArgumentException($"Cannot connect to {endPoint}.", nameof(endPoint));
        }
    }

    public static async Task TryEachAsync(
        LoopThread thread, IPEndPoint[] candidates, ConnectionDetails details, CancellationToken cancellation)
    {
        SocketException failure = new((int)SocketError.HostNotFound);
        foreach (IPEndPoint candidate in candidates)
        {
            try
            {
                await TryAsync(thread, new ConnectAttempt(candidate, details), cancellation).ConfigureAwait(false);
                return;
            }
            catch (SocketException refused)
            {
                failure = refused;
                cancellation.ThrowIfCancellationRequested();
            }
        }

        throw failure;
    }

    /// <summary>Gives a loop a connection that was opened outside of it.</summary>
    public static Task HandOverAsync(LoopThread thread, ConnectAttempt attempt, TransportSocket socket)
    {
        thread.Loop.Post(ControlMessage.Run(() => attempt.Succeed(thread.Loop, socket)));
        return EndAsync(thread, attempt);
    }

    private static async Task TryAsync(LoopThread thread, ConnectAttempt attempt, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        thread.Loop.Post(ControlMessage.Run(() => thread.Driver.BeginConnect(attempt)));
        await using CancellationTokenRegistration registration = cancellation.Register(
            () => thread.Loop.Post(ControlMessage.Run(() => thread.Driver.CancelConnect(attempt))));
        await EndAsync(thread, attempt).ConfigureAwait(false);
    }

    /// <summary>Waits until the attempt has ended, or its loop has.</summary>
    private static async Task EndAsync(LoopThread thread, ConnectAttempt attempt)
    {
        Task first = await Task.WhenAny(attempt.Completion, thread.Completion).ConfigureAwait(false);
        if (first != attempt.Completion)
        {
            attempt.Fail(SocketError.OperationAborted);
        }

        await attempt.Completion.ConfigureAwait(false);
    }
}
