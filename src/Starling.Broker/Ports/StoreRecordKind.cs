namespace Starling.Broker.Ports;

/// <summary>The operations on durable state. Each record is applied by itself, in the order of the log.</summary>
public enum StoreRecordKind : byte
{
    /// <summary>A session begins or is taken over: Topic = Client Identifier, Epoch, Seconds (its expiry; 0: it ends with its connection).</summary>
    SessionOpened,

    /// <summary>A session is over, with everything in it.</summary>
    SessionEnded,

    /// <summary>A subscription is made or replaced: Topic = filter with $share/NAME/, Options = Subscription Options, Identifier.</summary>
    Subscribed,

    /// <summary>A subscription is gone: Topic = filter with $share/NAME/.</summary>
    Unsubscribed,

    /// <summary>One PUBLISH: body, origin (Session, PacketIdentifier), retained revision, references of all persistent receivers.</summary>
    Message,

    /// <summary>A delivery is finished or given up: Session, PacketIdentifier (which names one delivery, since identifiers follow sequences).</summary>
    Finished,

    /// <summary>PUBREC came for a delivery: Session, PacketIdentifier.</summary>
    Received,

    /// <summary>A QoS 2 Packet Identifier came in without a message to keep: Session, PacketIdentifier.</summary>
    Incoming,

    /// <summary>A QoS 2 Packet Identifier was released by PUBREL: Session, PacketIdentifier.</summary>
    Released,

    /// <summary>The Will of a persistent session: body, Epoch, Seconds (its delay), MessageExpirySeconds.</summary>
    Will,

    /// <summary>The Will of that epoch is gone without having been published.</summary>
    WillRemoved,
}
