namespace Starling.Client;

/// <summary>The server lost the session while a QoS 2 message was under way: whether it took the message can no longer be known.</summary>
public sealed class MqttSessionLostException : MqttException
{
    internal MqttSessionLostException()
        : base("The server has lost the session; whether it took the QoS 2 message cannot be known.", isTransient: false)
    {
    }
}
