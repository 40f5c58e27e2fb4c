namespace Starling.Broker.Diagnostics;

/// <summary>Why a message was given up; a closed list. The number is the index of its counter.</summary>
internal enum DropReason
{
    /// <summary>The queue of the session is full.</summary>
    SessionQueueFull,

    /// <summary>QoS 0, and the consumer reads too slowly.</summary>
    OutputFull,

    /// <summary>The Message Expiry Interval has passed.</summary>
    Expired,

    /// <summary>Larger than the receiver's Maximum Packet Size.</summary>
    PacketTooLarge,

    /// <summary>The memory budget is spent.</summary>
    MemoryBudget,

    /// <summary>Its publisher was held back for too long.</summary>
    HeldTooLong,

    /// <summary>The retained messages are at their limit.</summary>
    RetainedQuota,

    /// <summary>The receiving session has ended.</summary>
    SessionEnded,

    /// <summary>No member of the shared subscription could take it.</summary>
    NoSharedMember,

    /// <summary>The receiver answered with a Reason Code of 0x80 or greater.</summary>
    RefusedByReceiver,

    /// <summary>The publisher may not publish it, or the receiver may not have it.</summary>
    NotAuthorized,

    /// <summary>A newer retained message came before this one was sent.</summary>
    RetainedSuperseded,

    /// <summary>Its publisher's connection ended while it was held back, so it was never acknowledged.</summary>
    ConnectionEnded,

    /// <summary>A QoS 0 message for a session whose client is away: only QoS 1 and 2 are kept for it.</summary>
    ClientAbsent,

    /// <summary>The store could not read it back: its place on the disk is damaged.</summary>
    Unreadable,
}
