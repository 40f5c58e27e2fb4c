namespace Starling.EndToEnd.Tests.ClientLibrary;

/// <summary>Servers that the client library is tried against.</summary>
public enum Peer
{
    /// <summary>Our own.</summary>
    Starling,

    /// <summary>Debian's mosquitto.</summary>
    Mosquitto,

    /// <summary>MQTTnet's server, inside the test process.</summary>
    MqttNet,
}
