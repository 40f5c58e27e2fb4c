namespace Starling.Broker.Ports;

/// <summary>The operations on durable state. Each record is applied by itself, in the order of the log.</summary>
public enum StoreRecordKind : byte
{
    /// <summary>
    /// A session begins, is taken over or changes its expiry, and has a client now: Session, Epoch, Topic = Client Identifier, UserName, Version, Seconds
    /// (its expiry; 0: it ends with its connection). The Will of an earlier epoch is gone; a Will record follows when there is a new one.
    /// </summary>
    SessionOpened,

    /// <summary>The client of a session has gone: Session, Epoch, UtcMilliseconds, Sequence (deliveries below it were sent).</summary>
    SessionAway,

    /// <summary>A session is over, with everything in it: Session.</summary>
    SessionEnded,

    /// <summary>
    /// A subscription is made or replaced: Session, Topic = filter with $share/NAME/, Options = Subscription Options, Identifier.
    /// </summary>
    Subscribed,

    /// <summary>A subscription is gone: Session, Topic = filter with $share/NAME/.</summary>
    Unsubscribed,

    /// <summary>
    /// One PUBLISH: Topic, Properties, Payload, Qos, Retain, ExpiresAtUtcMilliseconds; its origin (Session, Epoch, and PacketIdentifier if not 0: at QoS 2 that
    /// identifier is in use from now on); RetainedRevision and RetainedFloor; the references of all persistent receivers; TakenFrom; IsWill.
    /// </summary>
    Message,

    /// <summary>Deliveries are finished or given up: Ranges.</summary>
    Finished,

    /// <summary>PUBREC came for a delivery: Session, Sequence. Its message is not needed any more.</summary>
    Received,

    /// <summary>A QoS 2 Packet Identifier came in without a message to keep: Session, PacketIdentifier.</summary>
    Incoming,

    /// <summary>A QoS 2 Packet Identifier was released by PUBREL: Session, PacketIdentifier.</summary>
    Released,

    /// <summary>The deliveries of a session below a sequence number were handed to its client: Session, Sequence.</summary>
    Sent,

    /// <summary>
    /// The Will of a persistent session: Session, Epoch, Topic, Properties, Payload, Qos, Retain, Seconds (its delay), MessageExpirySeconds.
    /// </summary>
    Will,

    /// <summary>The Will of that session and epoch is gone without having been published: Session, Epoch.</summary>
    WillRemoved,
}
