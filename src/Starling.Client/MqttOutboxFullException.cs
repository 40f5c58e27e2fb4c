namespace Starling.Client;

/// <summary>The outbox has no room and its options say not to wait, or the disk of its file is full.</summary>
public sealed class MqttOutboxFullException : MqttException
{
    internal MqttOutboxFullException(long maxBytes)
        : this($"The outbox of {maxBytes} bytes is full.")
    {
    }

    private MqttOutboxFullException(string message)
        : base(message, isTransient: true)
    {
    }

    internal static MqttOutboxFullException OfDisk(string path) => new($"The outbox {path} cannot grow: its disk is full. The message was not stored.");
}
