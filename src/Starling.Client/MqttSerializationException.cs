namespace Starling.Client;

/// <summary>A payload is not what its type says, or nobody knows how to write or read a type.</summary>
public sealed class MqttSerializationException : MqttException
{
    internal MqttSerializationException(string message, Exception? cause = null)
        : base(message, isTransient: false, cause: cause)
    {
    }
}
