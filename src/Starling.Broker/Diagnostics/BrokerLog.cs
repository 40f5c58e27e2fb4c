using System.Text;
using Microsoft.Extensions.Logging;
using Starling.Broker.Connections;
using Starling.Broker.Sessions;
using Starling.Protocol;

namespace Starling.Broker.Diagnostics;

/// <summary>
/// Everything the broker logs. Event ids are never used again. No payloads, no passwords, nothing per message.
/// </summary>
internal sealed partial class BrokerLog(ILogger logger)
{
    public void Connected(BrokerConnection connection, Session session, ConnectRequest request, bool isPresent)
    {
        if (logger.IsEnabled(LogLevel.Information))
        {
            LogConnected(session.ClientIdentifier, AddressOf(connection), NameOf(request.Version), request.KeepAliveSeconds, isPresent);
        }
    }

    public void Disconnected(BrokerConnection connection, Session session, ConnectionCause cause, ReasonCode reason)
    {
        if (logger.IsEnabled(LogLevel.Information))
        {
            LogDisconnected(session.ClientIdentifier, AddressOf(connection), TextOf(cause, reason), ByWhom(cause));
        }
    }

    public void ConnectRefused(BrokerConnection connection, ReasonCode reason, BrokerLimit? limit) => LogConnectRefused(
        connection.Request?.ClientIdentifier ?? "",
        AddressOf(connection),
        limit is null ? $"{reason} (0x{(byte)reason:X2})" : $"{reason} (0x{(byte)reason:X2}), {limit} is reached");

    public void ConnectTimedOut(BrokerConnection connection) => LogConnectTimedOut(AddressOf(connection));

    public void Violated(BrokerConnection connection, in ProtocolViolation violation) => LogViolated(
        connection.Session?.ClientIdentifier ?? connection.Request?.ClientIdentifier ?? "not connected yet",
        AddressOf(connection),
        violation.Reason,
        (byte)violation.Reason,
        violation.Statement);

    public void PublishRefused(BrokerConnection connection, ReadOnlySpan<byte> topic)
    {
        if (logger.IsEnabled(LogLevel.Trace))
        {
            LogPublishRefused(connection.Session?.ClientIdentifier ?? "", Encoding.UTF8.GetString(topic));
        }
    }

    public void QueueFull(Session session, SessionQueueFull policy) => LogQueueFull(session.ClientIdentifier, policy);

    private static string AddressOf(BrokerConnection connection) => connection.Details.RemoteEndPoint?.ToString() ?? "in memory";

    private static string NameOf(MqttVersion version) => version switch
    {
        MqttVersion.V31 => "3.1",
        MqttVersion.V311 => "3.1.1",
        _ => "5.0",
    };

    private static string ByWhom(ConnectionCause cause) => cause switch
    {
        ConnectionCause.Disconnected or ConnectionCause.ClosedByPeer => "client",
        ConnectionCause.NetworkFailed or ConnectionCause.NotTaken => "network",
        _ => "server",
    };

    private static string TextOf(ConnectionCause cause, ReasonCode reason) => cause switch
    {
        ConnectionCause.Disconnected when reason == ReasonCode.Success => "DISCONNECT",
        ConnectionCause.Disconnected => $"DISCONNECT 0x{(byte)reason:X2} {reason}",
        ConnectionCause.ClosedByPeer => "closed without DISCONNECT",
        ConnectionCause.NetworkFailed => "connection failed",
        ConnectionCause.NotTaken => "output not taken",
        ConnectionCause.Violation => $"violation 0x{(byte)reason:X2} {reason}",
        ConnectionCause.KeepAliveTimeout => "keep alive timeout",
        ConnectionCause.TakenOver => "session taken over",
        ConnectionCause.ServerStop => "server stops",
        ConnectionCause.Limit => $"limit reached, 0x{(byte)reason:X2} {reason}",
        _ => cause.ToString(),
    };

    [LoggerMessage(1001, LogLevel.Information, "{Client} connected from {Address}, MQTT {Version}, keep alive {KeepAlive} s, session present {Present}")]
    private partial void LogConnected(string client, string address, string version, ushort keepAlive, bool present);

    [LoggerMessage(1002, LogLevel.Information, "{Client} disconnected from {Address}: {Reason}, by {Who}")]
    private partial void LogDisconnected(string client, string address, string reason, string who);

    [LoggerMessage(1003, LogLevel.Warning, "{Client} at {Address} was refused: {Reason}")]
    private partial void LogConnectRefused(string client, string address, string reason);

    [LoggerMessage(1004, LogLevel.Warning, "{Address} sent no complete CONNECT in time")]
    private partial void LogConnectTimedOut(string address);

    [LoggerMessage(1005, LogLevel.Warning, "{Client} at {Address} broke a rule: {Reason} (0x{Code:X2}), statement {Statement}")]
    private partial void LogViolated(string client, string address, ReasonCode reason, byte code, string? statement);

    [LoggerMessage(1006, LogLevel.Trace, "{Client} may not publish to {Topic}")]
    private partial void LogPublishRefused(string client, string topic);

    public void SubscribeRefused(BrokerConnection connection, ReadOnlySpan<byte> filter, ReasonCode reason)
    {
        if (logger.IsEnabled(LogLevel.Warning))
        {
            LogSubscribeRefused(connection.Session?.ClientIdentifier ?? "", Encoding.UTF8.GetString(filter), reason, (byte)reason);
        }
    }

    [LoggerMessage(1010, LogLevel.Warning, "{Client} may not subscribe to {Filter}: {Reason} (0x{Code:X2})")]
    private partial void LogSubscribeRefused(string client, string filter, ReasonCode reason, byte code);

    [LoggerMessage(1011, LogLevel.Warning, "The retained message for {Topic} is not kept: the limit of retained messages is reached")]
    private partial void LogRetainedRefused(string topic);

    public void RetainedRefused(ReadOnlySpan<byte> topic)
    {
        if (logger.IsEnabled(LogLevel.Warning))
        {
            LogRetainedRefused(Encoding.UTF8.GetString(topic));
        }
    }

    [LoggerMessage(1007, LogLevel.Warning, "The queue of session {Client} is full; policy {Policy}")]
    private partial void LogQueueFull(string client, SessionQueueFull policy);

    public void DeliveryUnreadable(Session session, ulong sequence) => LogDeliveryUnreadable(session.ClientIdentifier, sequence);

    [LoggerMessage(1012, LogLevel.Error, "Delivery {Sequence} of session {Client} is lost: its message cannot be read back from the store")]
    private partial void LogDeliveryUnreadable(string client, ulong sequence);

    [LoggerMessage(1008, LogLevel.Warning, "Memory limit reached: {Used} of {Limit} bytes; publishers are held back")]
    public partial void MemoryLimitReached(long used, long limit);

    [LoggerMessage(1009, LogLevel.Information, "Memory is available again: {Used} of {Limit} bytes")]
    public partial void MemoryLimitLeft(long used, long limit);
}
