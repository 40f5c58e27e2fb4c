using System.Globalization;
using Starling.Cli.Flags;
using Starling.Client;
using Starling.Protocol;

namespace Starling.Cli.Connections;

/// <summary>Says what went wrong in one line, and which exit code that is.</summary>
internal static class FailureReport
{
    public static int Write(MqttException failure, ConnectionSettings connection, CommandEnvironment environment)
    {
        (int code, string text) = Explain(failure, NameOf(connection));
        WriteLine(text, connection, environment);
        return code;
    }

    /// <summary>The server as people know it: host and port, or the path of its socket.</summary>
    public static string NameOf(ConnectionSettings connection) => connection.Server.Scheme == "unix"
        ? Uri.UnescapeDataString(connection.Server.AbsolutePath)
        : string.Create(CultureInfo.InvariantCulture, $"{connection.Host}:{connection.Server.Port}");

    /// <summary>The server answered a PUBLISH or SUBSCRIBE with a code of 0x80 or above.</summary>
    public static int WriteRefusal(string what, ReasonCode? reason, ConnectionSettings connection, CommandEnvironment environment)
    {
        WriteLine($"The server refused {what}: {Describe(reason)}.", connection, environment);
        return CodeOfRefusal(reason);
    }

    public static void WriteLine(string text, ConnectionSettings connection, CommandEnvironment environment)
    {
        if (!connection.IsQuiet)
        {
            environment.Error.WriteLine($"starling: {text}");
        }
    }

    public static string Describe(ReasonCode? reason) =>
        reason is ReasonCode code ? string.Create(CultureInfo.InvariantCulture, $"0x{(byte)code:X2} {code}") : "it gave no reason";

    public static int CodeOfRefusal(ReasonCode? reason) => reason == ReasonCode.NotAuthorized ? ExitCode.NotAuthorized : ExitCode.Refused;

    private static (int Code, string Text) Explain(MqttException failure, string server) => failure switch
    {
        MqttRejectedException { Packet: PacketType.ConnAck, Reason: ReasonCode.BadUserNameOrPassword } =>
            (ExitCode.BadCredentials, $"{server} refused the user name or password ({Describe(failure.Reason)}). Check -u and -P."),
        MqttRejectedException { Packet: PacketType.ConnAck } rejected =>
            (ExitCode.ConnectionRefused, $"{server} refused the connection: {Describe(failure.Reason)}{Because(rejected.ReasonString)}."),
        MqttRejectedException rejected => (CodeOfRefusal(rejected.Reason), rejected.Message),
        MqttConnectException { Stage: ConnectStage.Dns } =>
            (ExitCode.CannotConnect, $"Cannot connect to {server}: no address is known for this name. Check -h."),
        MqttConnectException { Stage: ConnectStage.Tls } =>
            (ExitCode.Tls, failure.Message),
        MqttConnectException { Stage: ConnectStage.WebSocket } =>
            (ExitCode.CannotConnect, $"Cannot connect to {server}: it did not take the WebSocket. {failure.Message}"),
        MqttConnectException { Stage: ConnectStage.Connack } =>
            (ExitCode.CannotConnect, $"Cannot connect to {server}: it did not answer as an MQTT server. {failure.Message}"),
        MqttConnectException when server.StartsWith('/') =>
            (ExitCode.CannotConnect, $"Cannot connect: {failure.Message.TrimEnd('.')}. Does the broker listen on this socket? Check --unix."),
        MqttConnectException =>
            (ExitCode.CannotConnect, $"Cannot connect: {failure.Message.TrimEnd('.')}. Is the broker running there? Check -h and -p."),
        MqttDisconnectedException { Reason: not null } =>
            (ExitCode.ConnectionLost, $"{server} ended the connection: {Describe(failure.Reason)}. The connection was lost."),
        _ => (ExitCode.ConnectionLost, $"{server}: {failure.Message}"),
    };

    private static string Because(string? reason) => string.IsNullOrEmpty(reason) ? "" : $" ({reason})";
}
