namespace Starling.Client;

/// <summary>The message was still in the outbox when its Message Expiry Interval was over; it was not sent.</summary>
public sealed class MqttMessageExpiredException : MqttException
{
    internal MqttMessageExpiredException()
        : base("The message expired in the outbox before it could be sent.", isTransient: false)
    {
    }
}
