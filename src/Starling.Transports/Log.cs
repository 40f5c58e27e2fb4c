using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Starling.Transports.Loops;

namespace Starling.Transports;

/// <summary>Everything this project logs. Event ids are never reused.</summary>
internal static partial class Log
{
    [LoggerMessage(3001, LogLevel.Error, "{Call} failed, so this connection ends: {Connection}")]
    public static partial void ConnectionFault(this ILogger logger, Exception fault, string call, LoopConnection connection);

    [LoggerMessage(3002, LogLevel.Error, "{Call} failed on loop {LoopIndex}; the loop goes on")]
    public static partial void LoopClientFault(this ILogger logger, Exception fault, string call, int loopIndex);

    [LoggerMessage(3003, LogLevel.Warning, "Listener {Listener} cannot accept ({Error}); it tries again in {PauseMilliseconds} ms")]
    public static partial void AcceptPaused(this ILogger logger, string listener, SocketError error, int pauseMilliseconds);

    [LoggerMessage(3004, LogLevel.Critical, "Loop {LoopIndex} has died")]
    public static partial void LoopDied(this ILogger logger, Exception fault, int loopIndex);

    [LoggerMessage(3005, LogLevel.Warning, "The certificate of {Server} is not to be trusted, and is taken because the options allow it: {Objection}")]
    public static partial void UntrustedAllowed(this ILogger logger, string server, string objection);
}
