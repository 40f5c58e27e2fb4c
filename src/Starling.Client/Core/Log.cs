using Microsoft.Extensions.Logging;

namespace Starling.Client.Core;

/// <summary>Everything this project logs. Event ids are never reused.</summary>
internal static partial class Log
{
    [LoggerMessage(6001, LogLevel.Information, "Connected to {Server} with {Version}, session present: {SessionPresent}")]
    public static partial void Connected(this ILogger logger, Uri server, Protocol.MqttVersion version, bool sessionPresent);

    [LoggerMessage(6002, LogLevel.Information, "Connection to {Server} is over: {Cause}")]
    public static partial void Disconnected(this ILogger logger, Uri server, string cause);

    [LoggerMessage(6003, LogLevel.Warning, "Connecting to {Server} failed: {Cause}")]
    public static partial void ConnectFailed(this ILogger logger, Uri server, string cause);

    [LoggerMessage(6004, LogLevel.Error, "Given up: {Cause}")]
    public static partial void Faulted(this ILogger logger, string cause);

    [LoggerMessage(6005, LogLevel.Warning, "{Messages} message(s) dropped: {Reason}")]
    public static partial void Dropped(this ILogger logger, long messages, DropReason reason);

    [LoggerMessage(6006, LogLevel.Error, "A handler of {Event} failed; the client goes on")]
    public static partial void HandlerFault(this ILogger logger, Exception fault, string @event);

    [LoggerMessage(6007, LogLevel.Information, "{Server} refers to {Other}, which is tried next")]
    public static partial void Referred(this ILogger logger, Uri server, Uri other);
}
