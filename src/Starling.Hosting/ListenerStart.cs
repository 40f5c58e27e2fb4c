using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Starling.Transports;

namespace Starling.Hosting;

/// <summary>Opens the listeners of a broker, all or none.</summary>
internal static class ListenerStart
{
    public static List<IPEndPoint> ListenAll(LoopGroup loops, IReadOnlyList<ListenerAddress> listeners, ILogger logger)
    {
        List<IPEndPoint> bound = [];
        int freePort = 0;
        foreach (ListenerAddress listener in listeners)
        {
            bool takesFreePort = listener.EndPoint.Port == 0;
            IPEndPoint wanted = takesFreePort ? new IPEndPoint(listener.EndPoint.Address, freePort) : listener.EndPoint;
            try
            {
                IPEndPoint taken = Listen(loops, wanted);
                bound.Add(taken);
                freePort = takesFreePort && freePort == 0 ? taken.Port : freePort;
            }
            catch (SocketException e) when (listener.IsOptional && IsAbsent(e.SocketErrorCode))
            {
                Log.ListenerSkipped(logger, wanted, e.SocketErrorCode);
            }
            catch (SocketException e) when (takesFreePort && freePort != 0 && e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // The port that was free on one address is taken on this one: any other will do.
                bound.Add(Listen(loops, listener.EndPoint));
            }
            catch (SocketException e)
            {
                throw new StarlingStartException(StartFailure.Listener, Explain(wanted, e.SocketErrorCode), e);
            }
        }

        return bound;
    }

    private static IPEndPoint Listen(LoopGroup loops, IPEndPoint endPoint) =>
        loops.Listen(new ListenerOptions { Name = "tcp", EndPoint = endPoint }).EndPoint;

    private static bool IsAbsent(SocketError error) =>
        error is SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported or SocketError.ProtocolNotSupported;

    private static string Explain(IPEndPoint endPoint, SocketError error) => error switch
    {
        SocketError.AddressAlreadyInUse =>
            $"Cannot listen on {endPoint}: another program uses this port. Stop it, or choose another port (0 takes a free one).",
        SocketError.AccessDenied =>
            $"Cannot listen on {endPoint}: not permitted. Ports below 1024 need the right to take them; choose another port, such as 1883.",
        SocketError.AddressNotAvailable =>
            $"Cannot listen on {endPoint}: this machine has no such address. Use one that `ip address` shows, or * for all.",
        _ => $"Cannot listen on {endPoint}: {error}.",
    };
}
