namespace Starling.Client;

/// <summary>When a QoS 1 or QoS 2 delivery is acknowledged.</summary>
public enum AckMode
{
    /// <summary>
    /// When the loop over the subscription asks for the next one. Leaving the loop by break or exception leaves the last one
    /// unacknowledged. What <see cref="MqttSubscription.ReadAsync"/> returned is acknowledged by the caller.
    /// </summary>
    AfterBody,

    /// <summary>When it is handed out.</summary>
    OnDelivery,

    /// <summary>When <see cref="MqttDelivery.AckAsync"/> or <see cref="MqttDelivery.RejectAsync"/> is called.</summary>
    Manual,
}
