using Microsoft.Extensions.Logging;

namespace Starling.Client.Core;

/// <summary>Everything this project logs. Event ids are never reused.</summary>
internal static partial class Log
{
    [LoggerMessage(6001, LogLevel.Information, "Connected to {Server} with {Version}, session present: {SessionPresent}")]
    public static partial void Connected(this ILogger logger, string server, Protocol.MqttVersion version, bool sessionPresent);

    [LoggerMessage(6002, LogLevel.Information, "Connection to {Server} is over: {Cause}")]
    public static partial void Disconnected(this ILogger logger, string server, string cause);

    [LoggerMessage(6003, LogLevel.Warning, "Connecting to {Server} failed: {Cause}")]
    public static partial void ConnectFailed(this ILogger logger, string server, string cause);

    [LoggerMessage(6004, LogLevel.Error, "Given up: {Cause}")]
    public static partial void Faulted(this ILogger logger, string cause);

    [LoggerMessage(6005, LogLevel.Warning, "{Messages} message(s) dropped: {Reason}")]
    public static partial void Dropped(this ILogger logger, long messages, DropReason reason);

    [LoggerMessage(6020, LogLevel.Information, "{Messages} message(s) of an earlier process are in the outbox {Path}")]
    public static partial void OutboxRestored(this ILogger logger, int messages, string path);

    [LoggerMessage(6021, LogLevel.Error, "{Failure}")]
    public static partial void OutboxFailed(this ILogger logger, string failure);

    [LoggerMessage(
        6022, LogLevel.Warning, "{Held} acknowledgement(s) wait for {Seconds} s for that of an earlier delivery: topic {Topic}, Packet Identifier {PacketIdentifier}")]
    public static partial void AcknowledgementsHeld(this ILogger logger, int held, long seconds, string topic, ushort packetIdentifier);

    [LoggerMessage(6006, LogLevel.Error, "A handler of {Event} failed; the client goes on")]
    public static partial void HandlerFault(this ILogger logger, Exception fault, string @event);

    [LoggerMessage(6024, LogLevel.Error, "A handler of the subscription to {Filter} failed; the other messages go on")]
    public static partial void MessageHandlerFault(this ILogger logger, Exception fault, string filter);

    [LoggerMessage(6025, LogLevel.Warning, "A request to {Filter} has no Response Topic, so nobody gets a reply")]
    public static partial void RequestWithoutResponseTopic(this ILogger logger, string filter);

    [LoggerMessage(6026, LogLevel.Error, "Requests to {Filter} are answered no more")]
    public static partial void ResponderOver(this ILogger logger, Exception fault, string filter);

    [LoggerMessage(6027, LogLevel.Warning, "A request to {Filter} came when its responder stopped, and cannot be answered")]
    public static partial void RequestNotAnswered(this ILogger logger, Exception fault, string filter);

    [LoggerMessage(6023, LogLevel.Error, "Messages of {Filter} are handled no more")]
    public static partial void HandlerOver(this ILogger logger, Exception fault, string filter);

    [LoggerMessage(6007, LogLevel.Information, "{Server} refers to {Other}, which is tried next")]
    public static partial void Referred(this ILogger logger, string server, string other);
}
