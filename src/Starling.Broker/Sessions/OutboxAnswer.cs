namespace Starling.Broker.Sessions;

/// <summary>What a PUBACK, PUBREC or PUBCOMP meant to an <see cref="Outbox"/>.</summary>
internal enum OutboxAnswer
{
    /// <summary>No delivery waits for this answer with this Packet Identifier.</summary>
    Unknown,

    /// <summary>The delivery is finished.</summary>
    Done,

    /// <summary>PUBREL is due.</summary>
    Released,

    /// <summary>PUBREL was due before and is sent again.</summary>
    AlreadyReleased,
}
