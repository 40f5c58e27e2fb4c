namespace Starling.EndToEnd.Tests.Clients;

/// <summary>The client software that the scenarios use.</summary>
public enum ForeignClient
{
    Mosquitto,
    Paho,
    MqttJs,
    MqttNet,
}
