using Starling.Cli.Flags;
using Starling.Client;

namespace Starling.Cli.Connections;

/// <summary>Turns flags into the options of a client.</summary>
internal static class ClientSetup
{
    public static MqttClientOptions CreateOptions(ConnectionSettings connection, PropertySettings properties)
    {
        uint expirySeconds = properties.SessionExpirySeconds ?? connection.SessionExpirySeconds;
        MqttClientOptions options = new()
        {
            ClientId = connection.ClientIdentifier,
            Version = connection.Version,
            VersionFallback = !connection.IsVersionChosen,
            CleanStart = connection.CleanStart,
            SessionExpiry = expirySeconds == uint.MaxValue ? TimeSpan.MaxValue : TimeSpan.FromSeconds(expirySeconds),
            KeepAlive = TimeSpan.FromSeconds(connection.KeepAliveSeconds),
            MaximumPacketSize = 256 << 20,
            UserProperties = UserProperties.Create([.. properties.ConnectUserProperties]),
            WillDelay = TimeSpan.FromSeconds(properties.WillDelaySeconds),
        };
        options.Servers.Add(connection.Server);
        connection.Tls.ApplyTo(options.Tls);
        if (connection.UserName is not null || connection.Password is not null)
        {
            options.Credentials = new MqttPassword(connection.UserName, connection.Password.AsMemory());
        }

        if (properties.ReceiveMaximum is ushort receiveMaximum)
        {
            options.ReceiveMaximum = receiveMaximum;
        }

        if (connection.Will is WillSettings will)
        {
            options.Will = properties.Will.ApplyTo(new MqttMessage { Topic = will.Topic, Payload = will.Payload, Qos = will.Qos, Retain = will.Retain });
        }

        return options;
    }
}
