namespace Starling.Client;

/// <summary>The outbox has no room, and its options say not to wait.</summary>
public sealed class MqttOutboxFullException : MqttException
{
    internal MqttOutboxFullException(long maxBytes)
        : base($"The outbox of {maxBytes} bytes is full.", isTransient: true)
    {
    }
}
