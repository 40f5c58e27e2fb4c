using Starling.Protocol;

namespace Starling.Client;

/// <summary>Nobody is subscribed to the topic of a request, so no reply can come.</summary>
public sealed class MqttNoResponderException : MqttException
{
    internal MqttNoResponderException(string topic)
        : base($"Nobody responds to '{topic}'.", isTransient: true, ReasonCode.NoMatchingSubscribers)
    {
    }
}
