using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Starling.Hosting;

/// <summary>The log events of this project; numbers are never used again. 4001 to 4099.</summary>
internal static partial class Log
{
    [LoggerMessage(4001, LogLevel.Warning, "No listener on {EndPoint}: this machine does not have the address ({Error}).")]
    public static partial void ListenerSkipped(ILogger logger, IPEndPoint endPoint, SocketError error);

    [LoggerMessage(4002, LogLevel.Error, "The broker cannot go on, so the host stops.")]
    public static partial void HostStops(ILogger logger, Exception? exception);
}
