namespace Starling.Client;

/// <summary>What publishing does when the outbox has no room. It never drops.</summary>
public enum OutboxFull
{
    /// <summary>Waits for room.</summary>
    Wait,

    /// <summary>Throws <see cref="MqttOutboxFullException"/>.</summary>
    Throw,
}
