namespace Starling.Client;

/// <summary>What becomes of a message whose handler has failed.</summary>
public enum HandlerFailure
{
    /// <summary>
    /// In 5.0 it is refused with 0x80, and the server does not send it again. 3.x has no refusals: there it is
    /// <see cref="LeaveUnacknowledged"/>. For messages of QoS 0, which nobody acknowledges, it is given up.
    /// </summary>
    Reject,

    /// <summary>
    /// It stays unacknowledged and comes again with the next connection of the session. Until then it takes a place of Receive Maximum, and the
    /// acknowledgements of later messages wait for it [MQTT-4.6.0-2].
    /// </summary>
    LeaveUnacknowledged,

    /// <summary>It is acknowledged as if its handler had worked.</summary>
    Acknowledge,
}
