namespace Starling.Client;

/// <summary>There is no connection, and the call does not wait for one.</summary>
public sealed class MqttNotConnectedException : MqttException
{
    internal MqttNotConnectedException(string message, bool isTransient, Exception? cause = null)
        : base(message, isTransient, (cause as MqttException)?.Reason, cause)
    {
    }
}
