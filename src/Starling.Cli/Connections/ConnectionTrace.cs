using System.Globalization;
using Starling.Cli.Flags;
using Starling.Client;

namespace Starling.Cli.Connections;

/// <summary>What -d says about a connection, on the standard error.</summary>
internal static class ConnectionTrace
{
    public static void Connected(ServerInfo server, ConnectionSettings connection, CommandEnvironment environment)
    {
        if (connection.IsDebug)
        {
            environment.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"Connected to {server.Address} as {server.ClientId}: MQTT {server.Version}, session present {(server.SessionPresent ? 1 : 0)}, keep alive {server.KeepAlive.TotalSeconds} s"));
        }
    }

    public static void Published(MqttMessage message, PublishResult result, ConnectionSettings connection, CommandEnvironment environment)
    {
        if (connection.IsDebug)
        {
            string reason = result.Reason is null ? "" : $", {FailureReport.Describe(result.Reason)}";
            environment.Error.WriteLine($"Published to {message.Topic} (QoS {(int)message.Qos}): {result.Status}{reason}");
        }
    }

    public static void Changed(ConnectionEvent change, ConnectionSettings connection, CommandEnvironment environment)
    {
        if (connection.IsDebug)
        {
            environment.Error.WriteLine($"{change.State}{(change.Cause is null ? "" : $": {change.Cause.Message}")}");
        }
    }
}
